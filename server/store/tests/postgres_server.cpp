// SPDX-License-Identifier: Apache-2.0
#include "postgres_server.hpp"

#include <chrono>
#include <csignal>
#include <optional>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <grp.h>
#include <pqxx/pqxx>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

// Asked by LeakSanitizer, whose the name is, where there is one. libpqxx 6.4 asks a connection for
// its encoding before it owns the answer that it got, so with each connection that is lost it loses
// that answer, some 2 KiB.
extern "C" const char* __lsan_default_suppressions();

const char* __lsan_default_suppressions() {
  return "leak:libpqxx-6.4";
}

namespace keystone::testing {
namespace {

constexpr const char* kSuperuser = "keystone";

// Whom to run as; nobody else than now unless that is root.
std::optional<passwd> other_user() {
  if (::geteuid() != 0) {
    return std::nullopt;
  }
  const passwd* const user = ::getpwnam("postgres");
  if (user == nullptr) {
    throw std::runtime_error("there is no user postgres");
  }
  return *user;
}

bool become(const passwd& user) {
  return ::setgroups(0, nullptr) == 0 && ::setgid(user.pw_gid) == 0 && ::setuid(user.pw_uid) == 0;
}

// Starts a program of PostgreSQL's, with what it says in the file `log`.
pid_t spawn(const std::string& program, std::vector<std::string> arguments,
            const std::string& log) {
  const std::string path = std::string(KEYSTONE_POSTGRES_BIN "/") + program;
  arguments.insert(arguments.begin(), path);
  std::vector<char*> pointers;
  for (std::string& argument : arguments) {
    pointers.push_back(argument.data());
  }
  pointers.push_back(nullptr);
  const auto user = other_user();
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) {
    const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (file >= 0 && ::dup2(file, STDOUT_FILENO) >= 0 && ::dup2(file, STDERR_FILENO) >= 0 &&
        (!user || become(*user)) && ::prctl(PR_SET_PDEATHSIG, SIGQUIT) == 0 &&
        ::getppid() == parent && ::chdir("/") == 0) {
      ::execv(path.c_str(), pointers.data());
    }
    ::_exit(127);
  }
  if (pid < 0) {
    throw std::runtime_error("cannot fork for " + program);
  }
  return pid;
}

bool has_ended(pid_t pid, int options) {
  int status = 0;
  return ::waitpid(pid, &status, options) == pid;
}

}  // namespace

PostgresServer::PostgresServer(Disk disk) : disk_(disk) {
  if (const auto user = other_user()) {
    if (::chown(folder_.path().c_str(), user->pw_uid, user->pw_gid) != 0) {
      throw std::runtime_error("cannot give away " + folder_.path());
    }
  }
  const std::string log = folder_ / "initdb.log";
  const pid_t initdb = spawn("initdb",
                             {"--pgdata=" + (folder_ / "data"), "--no-sync", "--auth=trust",
                              "--encoding=UTF8", "--locale=C.UTF-8", "--username", kSuperuser},
                             log);
  int status = 0;
  if (::waitpid(initdb, &status, 0) != initdb || status != 0) {
    throw std::runtime_error("initdb failed: " + content_of(log));
  }
  start();
}

PostgresServer::~PostgresServer() {
  stop();
}

PostgresServer& PostgresServer::shared() {
  static PostgresServer server;
  return server;
}

void PostgresServer::start() {
  const std::string log = folder_ / "postgres.log";
  const std::string flush = disk_ == Disk::flushed ? "on" : "off";
  pid_ = spawn("postgres",
               {"-D", folder_ / "data", "-k", folder_.path(), "-c", "listen_addresses=", "-c",
                "fsync=" + flush, "-c", "max_connections=200", "-c", "shared_buffers=32MB"},
               log);
  while (true) {
    try {
      const pqxx::connection reached(conninfo());
      return;
    } catch (const pqxx::failure&) {
      if (has_ended(pid_, WNOHANG)) {
        pid_ = -1;
        throw std::runtime_error("postgres does not start: " + content_of(log));
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
}

void PostgresServer::stop() {
  if (pid_ > 0) {
    (void)::kill(pid_, SIGINT);
    (void)has_ended(std::exchange(pid_, -1), 0);
  }
}

std::string PostgresServer::conninfo() const {
  return "host=" + folder_.path() + " dbname=postgres user=" + kSuperuser;
}

std::string PostgresServer::conninfo_of_new_schema() {
  const std::string schema = "schema" + std::to_string(++schemas_);
  pqxx::connection connection(conninfo());
  pqxx::work work(connection);
  work.exec("CREATE SCHEMA " + schema);
  work.commit();
  return conninfo() + " options=-csearch_path=" + schema;
}

}  // namespace keystone::testing
