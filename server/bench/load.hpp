// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/descriptor.hpp"

#include <cstdint>

#include <sys/types.h>

// Clients of a server under measurement. They live in a process of their own, so that the time and
// the memory of the server's process are the server's.
namespace keystone::bench {

// What the clients are to do. A message between two processes of one program: bytes as they are.
struct Load {
  enum class Kind : std::uint32_t {
    rest,      // nothing any more
    sessions,  // open `count` sessions, on `connections`, and answer one of `every`
    hostile,   // hold `connections`, do what hostile.hpp says, and go on until the next load
  };
  Kind kind = Kind::rest;
  std::uint16_t port = 0;      // of plain HTTP, on 127.0.0.1
  std::uint16_t tls_port = 0;  // for hostile clients
  std::uint32_t connections = 0;
  std::uint32_t count = 0;
  std::uint32_t every = 1;
  bool fresh = false;  // each report has a Security Monitor key of its own: no cache helps
};

// What came of it.
struct Outcome {
  bool good = false;         // all was done, and every answer was the one wanted
  std::uint32_t count = 0;   // sessions that were opened; silent connections that still hold
  std::uint64_t p50_ns = 0;  // half of the requests were answered within this, ...
  std::uint64_t p99_ns = 0;  // ... and 99 of 100 within that
};

class LoadProcess {
 public:
  // Forks, so that it must be made before there are threads. Throws std::runtime_error if it
  // cannot.
  LoadProcess();
  ~LoadProcess();  // ends the process, with all its connections
  LoadProcess(const LoadProcess&) = delete;
  LoadProcess& operator=(const LoadProcess&) = delete;

  // Throws std::runtime_error if what was wanted did not come about.
  Outcome run(const Load& load) const;

 private:
  Descriptor control_;
  pid_t child_ = -1;
};

}  // namespace keystone::bench
