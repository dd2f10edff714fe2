// A peer that speaks ZMTP 3.1 (rfc.zeromq.org/spec/37) without keys, byte by byte, and so can break
// its rules.
#ifndef NASHVILLE_TESTS_PROTO_ZMTP_H_
#define NASHVILLE_TESTS_PROTO_ZMTP_H_

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "absl/strings/numbers.h"

namespace nash {

// A plain TCP connection to tcp://127.0.0.1:PORT.
inline int TcpTo(const std::string& endpoint) {
  int port = 0;
  EXPECT_TRUE(absl::SimpleAtoi(endpoint.substr(endpoint.rfind(':') + 1), &port)) << endpoint;
  const int file = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(file, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  return file;
}

// Whether the other side has ended the connection; what has come is thrown away.
inline bool HasEnded(int file) {
  char bytes[256];
  ssize_t n;
  while ((n = recv(file, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0) {
  }
  return n == 0 || (errno != EAGAIN && errno != EINTR);
}

class ZmtpPeer {
 public:
  // Comes back when the other side has said READY as well: frames before that are against the
  // rules.
  explicit ZmtpPeer(const std::string& endpoint) : file_(TcpTo(endpoint)) {
    EXPECT_TRUE(Send(Handshake()));
    EXPECT_TRUE(Hears("READY"));
  }
  ZmtpPeer(const ZmtpPeer&) = delete;
  ZmtpPeer& operator=(const ZmtpPeer&) = delete;
  ~ZmtpPeer() { close(file_); }

  static std::string Command(const std::string& body) {
    return std::string("\x04", 1) + static_cast<char>(body.size()) + body;
  }
  static std::string Ping() { return Command(std::string("\x04PING\0\0", 7)); }
  static std::string Frame(const std::string& body, bool has_more = false) {
    return std::string(1, has_more ? '\x01' : '\0') + static_cast<char>(body.size()) + body;
  }

  // False where the other side has ended the connection.
  bool Send(const std::string& bytes) {
    return send(file_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }
  // As much as goes without waiting.
  size_t SendSome(const std::string& bytes) {
    return std::max<ssize_t>(0,
                             send(file_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
  }
  // Whether these bytes come, before the connection ends.
  bool Hears(const std::string& bytes) {
    std::string heard;
    while (heard.find(bytes) == std::string::npos && Read(&heard)) {
    }
    return heard.find(bytes) != std::string::npos;
  }
  bool HasEnded() { return nash::HasEnded(file_); }
  // Ends the connection by a reset, as a machine does that has crashed.
  void Break() {
    const linger at_once = {1, 0};
    setsockopt(file_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    close(file_);
    file_ = -1;
  }

 private:
  // Signature, version, mechanism NULL; then the command READY of a DEALER.
  static std::string Handshake() {
    std::string greeting("\xff\0\0\0\0\0\0\0\0\x7f\x03\x01NULL", 16);
    greeting.resize(64);
    return greeting + Command(std::string("\x05READY\x0bSocket-Type\0\0\0\x06"
                                          "DEALER",
                                          28));
  }

  bool Read(std::string* heard) {
    char bytes[256];
    const ssize_t n = recv(file_, bytes, sizeof(bytes), 0);
    if (n > 0) heard->append(bytes, n);
    return n > 0;
  }

  int file_;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_PROTO_ZMTP_H_
