/* The bare peer of the server models: an echo on one epoll, level triggered, and nothing else. Prints its port; ends when
   its standard input does. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST_EVENTS 128

static int ready_to_listen(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 1024) != 0 ||
      getsockname(listener, (struct sockaddr *)&address, &length) != 0) {
    perror("bare_echo");
    exit(1);
  }
  printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
  fflush(stdout);
  return listener;
}

static void watch(int epoll, int fd) {
  struct epoll_event wanted = {.events = EPOLLIN, .data = {.fd = fd}};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &wanted) != 0) perror("bare_echo");
}

static void echo(int fd) {
  char buffer[1024];
  ssize_t got = recv(fd, buffer, sizeof buffer, 0);
  if (got > 0 && send(fd, buffer, (size_t)got, MSG_NOSIGNAL) == got) return;
  shutdown(fd, SHUT_WR);
  close(fd);
}

int main(void) {
  int listener = ready_to_listen(), epoll = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event events[MOST_EVENTS];
  watch(epoll, listener);
  watch(epoll, STDIN_FILENO);
  for (;;) {
    int count = epoll_wait(epoll, events, MOST_EVENTS, -1);
    for (int i = 0; i < count; ++i) {
      int fd = events[i].data.fd;
      if (fd == STDIN_FILENO) return 0;
      if (fd != listener) {
        echo(fd);
        continue;
      }
      int client = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (client >= 0) watch(epoll, client);
    }
  }
}
