#include "export/frame.h"

namespace sockscope::exporting::c_frame {

constexpr std::string_view head = R"c(
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
)c";

constexpr std::string_view baton = R"c(
// ---- the order of the lines ----

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;  // guards what follows
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int begun;            // how many lines have begun
static int inside[THREADS];  // the line each thread is in; 0: none
static pthread_t threads[THREADS];
static _Thread_local int me;

static inline void nap(double seconds) {
  struct timespec left = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
  nanosleep(&left, NULL);
}

// Every other thread's state and how often it has gone to sleep. True: all sleep.
static inline bool look(char *facts, size_t size) {
  bool asleep = true;
  size_t used = 0;
  DIR *tasks = opendir("/proc/self/task");
  for (struct dirent *task; tasks != NULL && (task = readdir(tasks)) != NULL;) {
    char path[300], line[128];
    if (task->d_name[0] == '.' || atoi(task->d_name) == gettid()) continue;
    snprintf(path, sizeof path, "/proc/self/task/%s/status", task->d_name);
    FILE *status = fopen(path, "re");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
      bool state = strncmp(line, "State:", 6) == 0;
      if (state && strchr(line, 'S') != NULL && strchr(line + 6, 'S') == NULL) asleep = false;
      if ((state || strncmp(line, "voluntary", 9) == 0) && used + 200 < size)
        used += (size_t)snprintf(facts + used, size - used, "%s %s", task->d_name, line);
    }
    if (status != NULL) fclose(status);
  }
  if (tasks != NULL) closedir(tasks);
  facts[used] = '\0';
  return asleep;
}

// Until two looks, 20 ms apart, find every other thread asleep and none has moved; half a second at most.
static inline void settle(void) {
  static _Thread_local char before[1 << 16], now[1 << 16];
  look(before, sizeof before);
  for (int i = 0; i < 25; i++) {
    nap(0.02);
    bool asleep = look(now, sizeof now);
    if (asleep && strcmp(before, now) == 0) return;
    strcpy(before, now);
  }
}

// For at most `seconds`. With the mutex held.
static inline bool wait_for_change(int seconds) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += seconds;
  return pthread_cond_timedwait(&changed, &mutex, &until) == 0;
}

// Every other thread is out of its line, or is one of these (END ends them) and has finished or is asleep.
static inline void wait_for_others(va_list may_be_inside) {
  bool may[THREADS] = {false}, waiting = true, alone = true;
  for (int thread; (thread = va_arg(may_be_inside, int)) != END;) may[thread] = true;
  for (bool in_time = true; waiting && in_time;) {
    waiting = false;
    alone = true;
    for (int i = 0; i < THREADS; i++) {
      if (inside[i] != 0) alone = false;
      if (inside[i] != 0 && !may[i]) waiting = true;
    }
    if (waiting) in_time = wait_for_change(10);
  }
  pthread_mutex_unlock(&mutex);
  if (!alone || OTHERS_RUN) settle();
  pthread_mutex_lock(&mutex);
}

// begin(7, THREAD_2, END): the seventh line. It begins when six have begun, every other thread has finished its line,
// and the second thread, which was inside one when this happened, has finished it or is asleep in its call.
static inline void begin(int line, ...) {
  va_list may_be_inside;
  va_start(may_be_inside, line);
  pthread_mutex_lock(&mutex);
  while (begun != line - 1) pthread_cond_wait(&changed, &mutex);
  wait_for_others(may_be_inside);
  begun = inside[me] = line;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&mutex);
  va_end(may_be_inside);
}

static inline void end(void) {
  pthread_mutex_lock(&mutex);
  inside[me] = 0;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&mutex);
}

// After the last line, or when none has begun for a long time: says which lines are still inside, and ends.
static inline void finish(int line, ...) {
  va_list may_be_inside;
  va_start(may_be_inside, line);
  pthread_mutex_lock(&mutex);
  while (begun < line - 1 && wait_for_change(PATIENCE)) continue;
  wait_for_others(may_be_inside);
  for (int i = 0; i < THREADS; i++)
    if (inside[i] != 0) printf("%d blocked\n", inside[i]);
  va_end(may_be_inside);
  fflush(stdout);
  leave_directory();
  _exit(begun == line - 1 ? 0 : 1);
}
)c";

constexpr std::string_view told = R"c(
// ---- what came of a call ----

static inline long told(int line, const char *call, long result) {
  int error = errno;
  if (result >= 0)
    printf("%d %s %ld\n", line, call, result);
  else
    printf("%d %s raised %s %d\n", line, call, strerrorname_np(error), error);
  fflush(stdout);
  errno = error;
  return result;
}

static inline void told_bytes(int line, const char *call, ssize_t count, const char *bytes, size_t size) {
  if (count < 0) {
    told(line, call, count);
    return;
  }
  flockfile(stdout);
  printf("%d %s b'", line, call);
  for (size_t i = 0; i < (size_t)count && i < size; i++) {
    unsigned char byte = (unsigned char)bytes[i];
    if (byte == '\n' || byte == '\r' || byte == '\t')
      printf("\\%c", byte == '\n' ? 'n' : byte == '\r' ? 'r' : 't');
    else if (byte == '\\' || byte == '\'')
      printf("\\%c", byte);
    else if (byte < 0x20 || byte >= 0x7f)
      printf("\\x%02x", byte);
    else
      putchar(byte);
  }
  printf("'\n");
  fflush(stdout);
  funlockfile(stdout);
}
)c";

constexpr std::string_view addresses = R"c(
// ---- addresses ----

struct address {
  struct sockaddr_storage is;
  socklen_t size;
};
#define OF(address) (struct sockaddr *)&(address).is, (address).size

static inline struct address in4(const char *host, int port) {
  struct address made = {.size = sizeof(struct sockaddr_in)};
  struct sockaddr_in *in = (struct sockaddr_in *)&made.is;
  in->sin_family = AF_INET;
  in->sin_port = htons((in_port_t)port);
  inet_pton(AF_INET, host, &in->sin_addr);
  return made;
}

static inline struct address in6(const char *host, int port, unsigned scope) {
  struct address made = {.size = sizeof(struct sockaddr_in6)};
  struct sockaddr_in6 *in = (struct sockaddr_in6 *)&made.is;
  in->sin6_family = AF_INET6;
  in->sin6_port = htons((in_port_t)port);
  in->sin6_scope_id = scope;
  inet_pton(AF_INET6, host, &in->sin6_addr);
  return made;
}

// A path with its NUL; an abstract name begins with one and has none at its end.
static inline struct address un(const char *path, size_t length) {
  struct address made = {.size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)};
  struct sockaddr_un *name = (struct sockaddr_un *)&made.is;
  name->sun_family = AF_UNIX;
  memcpy(name->sun_path, path, length < sizeof name->sun_path ? length : sizeof name->sun_path);
  if (length > 0 && path[0] != '\0') made.size++;
  return made;
}

static inline struct address any_family(const char *bytes, size_t length) {
  struct address made = {.size = (socklen_t)length};
  memcpy(&made.is, bytes, length < sizeof made.is ? length : sizeof made.is);
  return made;
}

// The port that the kernel chose.
static inline int port_of(int fd) {
  struct address own = {.size = sizeof own.is};
  getsockname(fd, (struct sockaddr *)&own.is, &own.size);
  return ntohs(((struct sockaddr_in *)&own.is)->sin_port);
}
)c";

constexpr std::string_view timeouts = R"c(
// ---- timeouts, as Python makes them: the socket does not block, poll waits ----

static inline double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

// Waits; out of time it is ETIMEDOUT.
static inline bool within(int fd, short events, double seconds) {
  struct pollfd one = {fd, events, 0};
  int ready = fd < 0 ? 1 : poll(&one, 1, (int)(seconds * 1000 + 0.999));
  if (ready == 0) errno = ETIMEDOUT;
  return ready > 0;
}

static inline int connect_within(int fd, const struct sockaddr *to, socklen_t size, double seconds) {
  int error = 0;
  socklen_t length = sizeof error;
  if (connect(fd, to, size) == 0) return 0;
  if (errno != EINPROGRESS) return -1;
  if (!within(fd, POLLOUT, seconds)) return -1;
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
  errno = error;
  return error == 0 ? 0 : -1;
}
)c";

constexpr std::string_view data = R"c(
// ---- data ----

static inline char *repeated(const char *pattern, size_t length, size_t total) {
  char *made = malloc(total + 1);
  for (size_t i = 0; made != NULL && i < total; i++) made[i] = pattern[i % length];
  return made;
}

// Only the beginning is known.
static inline char *padded(const char *begins, size_t length, size_t total) {
  char *made = malloc(total + 1);
  for (size_t i = 0; made != NULL && i < total; i++) made[i] = i < length ? begins[i] : '.';
  return made;
}

)c";

constexpr std::string_view sends = R"c(
static inline int send_all(int fd, const char *bytes, size_t length, int flags, double seconds) {
  bool first = true;
  for (size_t sent = 0; first || sent < length; first = false) {
    if (seconds > 0 && !within(fd, POLLOUT, seconds)) return -1;
    ssize_t count = send(fd, bytes + sent, length - sent, flags);
    if (count < 0) return -1;
    sent += (size_t)count;
  }
  return 0;
}
)c";

constexpr std::string_view files = R"c(
static inline void write_file(const char *name, const char *bytes, size_t length) {
  FILE *file = fopen(name, "we");
  if (file == NULL || fwrite(bytes, 1, length, file) != length) perror(name);
  if (file != NULL) fclose(file);
}
)c";

constexpr std::string_view ready = R"c(
// Lists that end with −1; seconds below 0: for ever.
static inline int select_of(const int *readers, const int *writers, const int *exceptions, double seconds) {
  const int *lists[] = {readers, writers, exceptions};
  fd_set sets[3];
  int most = -1;
  for (int i = 0; i < 3; i++) {
    FD_ZERO(&sets[i]);
    for (const int *fd = lists[i]; *fd >= 0; fd++) {
      FD_SET(*fd, &sets[i]);
      if (*fd > most) most = *fd;
    }
  }
  struct timespec left = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
  return pselect(most + 1, &sets[0], &sets[1], &sets[2], seconds < 0 ? NULL : &left, NULL);
}
)c";

constexpr std::string_view interrupt = R"c(
static void handler(int signal_number) { (void)signal_number; }  // without SA_RESTART: the call comes back

static inline void handle_interrupts(void) {
  struct sigaction action = {.sa_handler = handler};
  sigaction(SIGUSR1, &action, NULL);
}
)c";

constexpr std::string_view server = R"c(
// ---- the server ----

struct server {
  int listener;
  bool threads;  // one for each client
  double work;   // seconds before it answers
};
static int serving[4096];  // every client's descriptor, until it is closed
static int served;

// recv, strip, upper, sendall, as the tutorial's handler does.
static inline void handle(int client) {
  char bytes[1024];
  ssize_t count = recv(client, bytes, sizeof bytes, 0);
  if (count < 0) return;
  char *from = bytes, *to = bytes + count;
  while (from < to && strchr(" \t\n\r\v\f", *from) != NULL && *from != '\0') from++;
  while (to > from && strchr(" \t\n\r\v\f", to[-1]) != NULL && to[-1] != '\0') to--;
  for (char *c = from; c < to; c++)
    if (*c >= 'a' && *c <= 'z') *c = (char)(*c - 'a' + 'A');
  nap(WORK);
  while (from < to && (count = send(client, from, (size_t)(to - from), 0)) > 0) from += count;
}

static void *serve_client(void *slot) {
  int *client = slot;
  handle(*client);
  shutdown(*client, SHUT_WR);
  close(*client);
  *client = -1;
  return NULL;
}

static void *serve_forever(void *its) {
  struct server *server = its;
  for (;;) {
    int client = accept(server->listener, NULL, NULL);
    if (client < 0) return NULL;
    int *slot = &serving[served++ % 4096];
    *slot = client;
    pthread_t thread;
    if (!server->threads)
      serve_client(slot);
    else if (pthread_create(&thread, NULL, serve_client, slot) == 0)
      pthread_detach(thread);
  }
}

static inline int serve(struct server *server, struct address at, int backlog, bool reuse_addr) {
  pthread_t thread;
  server->listener = socket(at.is.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (reuse_addr) setsockopt(server->listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
  if (bind(server->listener, OF(at)) != 0 || listen(server->listener, backlog) != 0) return -1;
  if (pthread_create(&thread, NULL, serve_forever, server) == 0) pthread_detach(thread);
  return 0;
}

static inline int stop(struct server *server) {
  shutdown(server->listener, SHUT_RDWR);  // accept comes back
  close(server->listener);
  for (int i = 0; i < 4096 && i < served; i++)
    if (serving[i] > 0) shutdown(serving[i], SHUT_RD);
  return 0;
}
)c";

constexpr std::string_view load = R"c(
struct load {
  struct address to;
  int clients, messages;
  const char *text;
  size_t length;
  bool stay;
};
static sem_t connected;

// Connect, send, wait for the answer, close.
static void *load_client(void *its) {
  struct load *load = its;
  char answer[1024];
  int own = socket(load->to.is.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bool open = connect(own, OF(load->to)) == 0;
  sem_post(&connected);
  for (int i = 0; open && i < load->messages; i++) {
    size_t sent = 0;
    for (ssize_t n; sent < load->length && (n = send(own, load->text + sent, load->length - sent, 0)) > 0;)
      sent += (size_t)n;
    open = sent == load->length && recv(own, answer, sizeof answer, 0) > 0;
  }
  while (open && load->stay) pause();
  close(own);
  return NULL;
}

static inline int run_load(struct load *load) {
  pthread_t *clients = calloc((size_t)load->clients, sizeof *clients);
  sem_init(&connected, 0, 0);
  for (int i = 0; i < load->clients; i++) pthread_create(&clients[i], NULL, load_client, load);
  for (int i = 0; i < load->clients; i++) {
    if (load->stay)
      sem_wait(&connected);
    else
      pthread_join(clients[i], NULL);
  }
  free(clients);
  return 0;
}
)c";

}  // namespace sockscope::exporting::c_frame
