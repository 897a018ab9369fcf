// cold_start: times a server from its start to its first answer.
//
//   cold_start PORT PROGRAM ARGUMENTS...
//
// Starts the program, asks 127.0.0.1:PORT for / every 0.2 ms until there is a "200", kills it, and
// prints the milliseconds since the start.
#include <arpa/inet.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>

extern char** environ;

namespace {

constexpr long kPollNanoseconds = 200'000;
constexpr double kSecondsMax = 20;

double now() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// Whether the server answers 200 now.
bool ask(uint16_t port) {
  int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  bool answered = false;
  if (connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) {
    constexpr char kRequest[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    constexpr char kAnswer[] = "HTTP/1.1 200";
    char answer[sizeof(kAnswer) - 1];
    answered = write(connection, kRequest, sizeof(kRequest) - 1) > 0 &&
               recv(connection, answer, sizeof(answer), MSG_WAITALL) == sizeof(answer) &&
               memcmp(answer, kAnswer, sizeof(answer)) == 0;
  }
  close(connection);
  return answered;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fprintf(stderr, "cold_start PORT PROGRAM ARGUMENTS...\n");
    return 1;
  }
  auto port = static_cast<uint16_t>(atoi(argv[1]));
  double start = now();
  pid_t child;
  if (posix_spawn(&child, argv[2], nullptr, nullptr, argv + 2, environ) != 0) {
    fprintf(stderr, "cold_start: cannot start %s\n", argv[2]);
    return 1;
  }
  bool answered = false;
  while (!(answered = ask(port)) && now() - start < kSecondsMax) {
    timespec pause{.tv_sec = 0, .tv_nsec = kPollNanoseconds};
    nanosleep(&pause, nullptr);  // tidy: sleep: the resolution of the figure, and a bounded loop
  }
  double seconds = now() - start;
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  if (!answered) {
    fprintf(stderr, "cold_start: no answer in %.0f s\n", kSecondsMax);
    return 1;
  }
  printf("%.3f\n", seconds * 1e3);
  return 0;
}
