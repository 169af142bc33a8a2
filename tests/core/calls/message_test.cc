// Messages, flags and sendfile against the real kernel, as Python 3.11 has them.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <thread>

#include "house.h"
#include "requests.h"

namespace sockscope::testing {
namespace {

class MessageTest : public ::testing::Test {
 protected:
  void TearDown() override { expect_house_property(house); }
  Reply make(const Request& made) { return perform(caller, made); }
  Reply send_to(SocketId socket, std::string_view data, const Address& to, int flags = 0) {
    Request made = request(Call::sendto, socket, data, flags);
    made.address = to;
    return make(made);
  }
  Reply sendmsg(SocketId socket, std::string_view data, const std::string& lengths, const Address& to = {}) {
    Request made = request(Call::sendmsg, socket, data);
    made.text = lengths;
    made.address = to;
    return make(made);
  }
  Reply sendfile(SocketId socket, int file, std::int64_t offset = 0, std::int64_t count = -1) {
    Request made = request(Call::sendfile, socket, offset, count);
    made.file = file;
    made.text = "f";
    return make(made);
  }
  struct Bound {
    SocketId id;
    Address address;
  };
  Bound udp() {
    const SocketId id = new_socket(caller, AF_INET, SOCK_DGRAM);
    EXPECT_TRUE(make(request(Call::bind, id, loopback(0))).ok());
    return {id, make(request(Call::getsockname, id)).address};
  }
  std::pair<SocketId, SocketId> pair(int type) {
    const Reply made = make(request(Call::socketpair, 0, AF_UNIX, type));
    EXPECT_TRUE(made.ok());
    return {made.socket, made.also};
  }
  int fd_of(SocketId socket) {
    int found = -1;
    room.sockets().with_fd(*room.sockets().find(socket), [&](int fd) { found = fd; });
    return found;
  }
  // Fills a stream's way to its peer without blocking; the bytes that went.
  std::int64_t fill(SocketId socket) {
    make(request(Call::setblocking, socket, 0));
    const std::string block(1 << 16, 'x');
    std::int64_t total = 0;
    for (int i = 0; i < 1000; ++i) {
      const Reply sent = make(request(Call::send, socket, block));
      if (!sent.ok()) {
        EXPECT_EQ(sent.error, EAGAIN);
        return total;
      }
      total += sent.result;
    }
    ADD_FAILURE() << "it never filled";
    return total;
  }

  House house;
  CallRoom room{house.inbox};
  Caller caller{room, 1};
};

TEST_F(MessageTest, ADatagramSaysWhoSentIt) {
  const Bound a = udp(), b = udp();
  EXPECT_EQ(send_to(a.id, "hello", b.address).result, 5);
  const Reply got = make(request(Call::recvfrom, b.id, 100));
  EXPECT_EQ(got.data, "hello");
  EXPECT_EQ(got.address, a.address);
}

TEST_F(MessageTest, AnEmptyDatagramIsOne) {
  const Bound a = udp(), b = udp();
  EXPECT_EQ(send_to(a.id, "", b.address).result, 0);
  const Reply got = make(request(Call::recvfrom, b.id, 100));
  EXPECT_TRUE(got.ok());
  EXPECT_EQ(got.data, "");
  EXPECT_EQ(got.address, a.address);
}

TEST_F(MessageTest, ADatagramThatDoesNotFitIsCutAndSaysSo) {
  const Bound a = udp(), b = udp();
  for (int i = 0; i < 3; ++i) send_to(a.id, "hello", b.address);
  const Reply cut = make(request(Call::recvmsg, b.id, 3));
  EXPECT_EQ(cut.data, "hel");
  EXPECT_EQ(cut.flags, MSG_TRUNC);
  const Reply asked = make(request(Call::recv, b.id, 3, MSG_TRUNC));
  EXPECT_EQ(asked.result, 5);  // its real length, and only what fits
  EXPECT_EQ(asked.data, "hel");
  EXPECT_EQ(make(request(Call::recvmsg, b.id, 5)).flags, 0);
  house.fold_all();
  const auto returned = house.all<event::CallReturned>();
  EXPECT_TRUE(
      std::any_of(returned.begin(), returned.end(), [](const auto& r) { return r.flags == MSG_TRUNC; }));
}

TEST_F(MessageTest, ADatagramOf70000BytesIsTooLong) {
  const Bound a = udp(), b = udp();
  EXPECT_EQ(send_to(a.id, std::string(70'000, 'x'), b.address).error, EMSGSIZE);
}

TEST_F(MessageTest, AStreamSaysNobodySentIt) {
  const Connection c = new_connection(caller);
  make(request(Call::send, c.client, "x"));
  EXPECT_EQ(make(request(Call::recvfrom, c.server, 10)).address, Address{});
  EXPECT_EQ(send_to(c.client, "y", loopback(1)).result, 1);  // a connected stream ignores the address
  EXPECT_EQ(make(request(Call::recvmsg, c.server, 10)).address, Address{});
}

TEST_F(MessageTest, UnixDatagramsKeepTheirBoundsAndStreamsDoNot) {
  for (const int type : {SOCK_DGRAM, SOCK_SEQPACKET}) {
    const auto [a, b] = pair(type);
    make(request(Call::send, a, "one"));
    make(request(Call::send, a, "two"));
    EXPECT_EQ(make(request(Call::recv, b, 100)).data, "one") << type;
    EXPECT_EQ(make(request(Call::recv, b, 1)).data, "t") << type;
    EXPECT_EQ(make(request(Call::recv, b, 100, MSG_DONTWAIT)).error, EAGAIN) << type;
  }
  const auto [a, b] = pair(SOCK_STREAM);
  make(request(Call::send, a, "one"));
  make(request(Call::send, a, "two"));
  EXPECT_EQ(make(request(Call::recv, b, 100)).data, "onetwo");
}

TEST_F(MessageTest, ASeqpacketMessageEndsWithMsgEor) {
  const auto [a, b] = pair(SOCK_SEQPACKET);
  make(request(Call::send, a, "abc"));
  const Reply got = make(request(Call::recvmsg, b, 2));
  EXPECT_EQ(got.data, "ab");
  EXPECT_NE(got.flags & MSG_TRUNC, 0);
}

TEST_F(MessageTest, SendmsgSendsItsBuffersAsOneMessage) {
  const Bound a = udp(), b = udp();
  EXPECT_EQ(sendmsg(a.id, "helloabc", "5 0 3", b.address).result, 8);
  EXPECT_EQ(make(request(Call::recv, b.id, 100)).data, "helloabc");
  const Connection c = new_connection(caller);
  EXPECT_EQ(sendmsg(c.client, "", "").result, 0);  // no buffer at all
  EXPECT_EQ(sendmsg(c.client, "ab", "1 1").result, 2);
  EXPECT_EQ(make(request(Call::recv, c.server, 10)).data, "ab");
}

TEST_F(MessageTest, SendmsgOf1025BuffersIsTooLongAndOf1024IsNot) {
  const Connection c = new_connection(caller);
  std::string lengths = "0";
  for (int i = 1; i < 1024; ++i) lengths += " 0";
  EXPECT_EQ(sendmsg(c.client, "", lengths).result, 0);
  EXPECT_EQ(sendmsg(c.client, "", lengths + " 0").error, EMSGSIZE);
}

TEST_F(MessageTest, SendmsgLengthsThatDoNotFitTheBytesReadNothingElse) {
  const Connection c = new_connection(caller);
  EXPECT_EQ(sendmsg(c.client, "abc", "2 99999999999 x").result, 3);
  EXPECT_EQ(make(request(Call::recv, c.server, 10)).data, "abc");
}

TEST_F(MessageTest, ADescriptorThatArrivesIsClosedAndTold) {
  const auto [a, b] = pair(SOCK_DGRAM);
  const int sent = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  char byte = 'x';
  iovec one{&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof sent)] = {};
  msghdr message{};
  message.msg_iov = &one;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof sent);
  std::memcpy(CMSG_DATA(header), &sent, sizeof sent);
  for (const std::int64_t ancillary : {1000, 0}) {
    ASSERT_EQ(::sendmsg(fd_of(a), &message, 0), 1);
    const Reply got = make(request(Call::recvmsg, b, 10, 0, ancillary));
    EXPECT_EQ(got.data, "x");
    EXPECT_EQ(got.flags, ancillary == 0 ? MSG_CTRUNC : 0);
  }
  house.fold_all();
  const auto notices = house.all<event::Notice>();
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_EQ(notices[0].code.view(), "descriptors");
  const int next = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  EXPECT_EQ(next, sent + 1);  // nothing is left open in between
  ::close(next);
  ::close(sent);
}

TEST_F(MessageTest, WhatPythonRefusesItselfHasNoErrno) {
  const Connection c = new_connection(caller);
  for (const Call call : {Call::recv, Call::recvfrom, Call::recvmsg, Call::recv_into}) {
    const Reply refused = make(request(call, c.server, -1));
    EXPECT_EQ(refused.raised, Raised::value_error) << info(call).python;
    EXPECT_EQ(refused.error, EINVAL);
  }
  EXPECT_EQ(make(request(Call::recvmsg, c.server, 5, 0, -1)).raised, Raised::value_error);
  EXPECT_EQ(make(request(Call::recvmsg, c.server, 5, 0, std::int64_t{1} << 33)).raised, Raised::value_error);
  EXPECT_EQ(make(request(Call::recv_into, c.server, 5, 0, 3)).raised, Raised::value_error);  // a buffer of 3
}

TEST_F(MessageTest, RecvIntoFillsTheBufferOrAsManyBytesAsAsked) {
  const Connection c = new_connection(caller);
  make(request(Call::send, c.client, "hello world"));
  const Reply whole = make(request(Call::recv_into, c.server, 0, 0, 5));
  EXPECT_EQ(whole.result, 5);
  EXPECT_EQ(whole.data, "hello");
  EXPECT_EQ(make(request(Call::recv_into, c.server, 2, MSG_PEEK, 100)).data, " w");
  EXPECT_EQ(make(request(Call::recv_into, c.server, 2, 0, 100)).data, " w");
}

TEST_F(MessageTest, PeekLeavesTheBytesAndWaitallWaitsForAll) {
  const Connection c = new_connection(caller);
  make(request(Call::send, c.client, "abc"));
  EXPECT_EQ(make(request(Call::recv, c.server, 2, MSG_PEEK)).data, "ab");
  std::thread later([this, c] {
    Caller other(room, 2);
    perform(other, request(Call::send, c.client, "def"));
  });
  EXPECT_EQ(make(request(Call::recv, c.server, 6, MSG_WAITALL)).data, "abcdef");
  later.join();
}

TEST_F(MessageTest, WaitallEndsEarlyWhenThePeerFinishes) {
  const Connection c = new_connection(caller);
  make(request(Call::send, c.client, "abc"));
  make(request(Call::close, c.client));
  EXPECT_EQ(make(request(Call::recv, c.server, 100, MSG_WAITALL)).data, "abc");
}

TEST_F(MessageTest, OneByteGoesOutOfBand) {
  const Connection c = new_connection(caller);
  EXPECT_EQ(make(request(Call::recv, c.server, 1, MSG_OOB)).error, EINVAL);  // none is there
  EXPECT_EQ(make(request(Call::send, c.client, "abc", MSG_OOB)).result, 3);
  EXPECT_EQ(make(request(Call::recv, c.server, 10)).data, "ab");
  EXPECT_EQ(make(request(Call::recv, c.server, 1, MSG_OOB)).data, "c");
}

TEST_F(MessageTest, DontwaitIsForOneCallOnly) {
  const Connection c = new_connection(caller);
  EXPECT_EQ(make(request(Call::recv, c.server, 1, MSG_DONTWAIT)).error, EAGAIN);
  make(request(Call::settimeout, c.server, 20 * kMillisecond));
  const Reply late = make(request(Call::recv, c.server, 1, MSG_DONTWAIT));
  EXPECT_TRUE(late.timed_out);  // Python polls first all the same
}

TEST_F(MessageTest, ASendToAFullQueueMovesAPart) {
  const Connection c = new_connection(caller);
  fill(c.client);
  const std::string much(8 << 20, 'y');
  make(request(Call::recv, c.server, 1 << 20, MSG_WAITALL));
  pollfd room_again{fd_of(c.client), POLLOUT, 0};
  ASSERT_EQ(::poll(&room_again, 1, 30'000), 1);
  const Reply part = make(request(Call::send, c.client, much));
  EXPECT_GT(part.result, 0);
  EXPECT_LT(part.result, static_cast<std::int64_t>(much.size()));
}

TEST_F(MessageTest, ASendToAResetConnectionIsEpipeAndNoSignal) {
  const Connection c = new_connection(caller);
  const linger at_once{1, 0};
  Request set = request(Call::setsockopt, c.server, SOL_SOCKET, SO_LINGER);
  set.data = {reinterpret_cast<const char*>(&at_once), sizeof at_once};
  set.numbers[3] = 1;
  ASSERT_TRUE(make(set).ok());
  make(request(Call::close, c.server));
  EXPECT_EQ(make(request(Call::recv, c.client, 1)).error, ECONNRESET);
  EXPECT_EQ(make(request(Call::send, c.client, "x", MSG_NOSIGNAL)).error, EPIPE);
}

TEST_F(MessageTest, AHugeBufsizeTakesNoMemory) {
  const Connection c = new_connection(caller);
  for (int i = 0; i < 200; ++i) {
    make(request(Call::send, c.client, "x"));
    EXPECT_EQ(make(request(Call::recv, c.server, 1'000'000'000'000)).data, "x");
  }
}

TEST_F(MessageTest, AClosedSocketIsEbadf) {
  const SocketId socket = new_socket(caller, AF_INET, SOCK_DGRAM);
  make(request(Call::close, socket));
  EXPECT_EQ(send_to(socket, "x", loopback(9)).error, EBADF);
  EXPECT_EQ(sendmsg(socket, "x", "1").error, EBADF);
  for (const Call call : {Call::recvfrom, Call::recvmsg, Call::recv_into})
    EXPECT_EQ(make(request(call, socket, 1, 0, 1)).error, EBADF);
  EXPECT_EQ(make(request(Call::getsockopt, socket, SOL_SOCKET, SO_ERROR)).error, EBADF);
}

// sendfile

class SendfileTest : public MessageTest {
 protected:
  void SetUp() override { write("0123456789"); }
  void TearDown() override {
    std::fclose(held);
    MessageTest::TearDown();
  }
  void write(const std::string& bytes) {
    ASSERT_EQ(::ftruncate(file, 0), 0);
    ASSERT_EQ(::pwrite(file, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  }
  off_t position() const { return ::lseek(file, 0, SEEK_CUR); }
  std::vector<Call> inner_calls() {
    house.fold_all();
    std::vector<Call> calls;
    for (const auto& entered : house.all<event::CallEntered>()) {
      if (entered.name == Call::os_sendfile || entered.name == Call::send) calls.push_back(entered.name);
    }
    return calls;
  }
  std::FILE* held = std::tmpfile();
  int file = ::fileno(held);
};

TEST_F(SendfileTest, TheWholeFileGoesAndThePositionIsItsEnd) {
  const Connection c = new_connection(caller);
  EXPECT_EQ(sendfile(c.client, file).result, 10);
  EXPECT_EQ(make(request(Call::recv, c.server, 100)).data, "0123456789");
  EXPECT_EQ(position(), 10);
  // The second finds the end.
  EXPECT_THAT(inner_calls(), ::testing::ElementsAre(Call::os_sendfile, Call::os_sendfile));
  const auto entered = house.all<event::CallEntered>();
  const auto first =
      std::find_if(entered.begin(), entered.end(), [](const auto& e) { return e.name == Call::os_sendfile; });
  EXPECT_EQ(first->args.data.view(), "0123456789");
  EXPECT_EQ(first->args.numbers[1], 10);
}

TEST_F(SendfileTest, OffsetAndCountChooseAPart) {
  const Connection c = new_connection(caller);
  EXPECT_EQ(sendfile(c.client, file, 3, 4).result, 4);
  EXPECT_EQ(make(request(Call::recv, c.server, 100)).data, "3456");
  EXPECT_EQ(position(), 7);
  EXPECT_EQ(sendfile(c.client, file, 5, 100).result, 5);  // shorter than asked
  EXPECT_EQ(make(request(Call::recv, c.server, 100)).data, "56789");
  EXPECT_EQ(sendfile(c.client, file, 30).result, 0);  // beyond the end
  EXPECT_EQ(position(), 10);
}

TEST_F(SendfileTest, AnEmptyFileIsNothing) {
  write("");
  const Connection c = new_connection(caller);
  EXPECT_EQ(sendfile(c.client, file).result, 0);
  EXPECT_TRUE(inner_calls().empty());
}

TEST_F(SendfileTest, WhatPythonRefusesIsAValueError) {
  const Connection c = new_connection(caller);
  EXPECT_EQ(sendfile(udp().id, file).raised, Raised::value_error);
  EXPECT_EQ(sendfile(c.client, file, 0, 0).raised, Raised::value_error);
  EXPECT_EQ(sendfile(c.client, file, 0, -2).raised, Raised::value_error);
  make(request(Call::setblocking, c.client, 0));
  EXPECT_EQ(sendfile(c.client, file).raised, Raised::value_error);
  make(request(Call::close, c.client));
  EXPECT_EQ(sendfile(c.client, file).raised, Raised::value_error);
}

TEST_F(SendfileTest, WhereTheKernelCannotItReadsAndSends) {
  const SocketId unconnected = new_socket(caller);
  ::lseek(file, 0, SEEK_SET);
  EXPECT_EQ(sendfile(unconnected, file).error, EPIPE);
  EXPECT_THAT(inner_calls(), ::testing::ElementsAre(Call::os_sendfile, Call::send));
  const Connection c = new_connection(caller);
  EXPECT_EQ(sendfile(c.client, file, -1).error, EINVAL);  // by seek, in the end
  EXPECT_EQ(sendfile(c.client, -1).error, EBADF);
}

TEST_F(SendfileTest, ATimeoutIsForEachPartAndThePositionSaysWhatWent) {
  write(std::string(16 << 20, 'z'));
  const Connection c = new_connection(caller);
  make(request(Call::settimeout, c.client, 50 * kMillisecond));
  const Reply late = sendfile(c.client, file);
  EXPECT_TRUE(late.timed_out);
  const off_t went = position();
  EXPECT_GT(went, 0);
  make(request(Call::close, c.client));
  std::int64_t came = 0;
  for (int i = 0; i < 100'000; ++i) {
    const Reply got = make(request(Call::recv, c.server, 1 << 20));
    if (got.result <= 0) break;
    came += got.result;
  }
  EXPECT_EQ(came, went);
}

}  // namespace
}  // namespace sockscope::testing
