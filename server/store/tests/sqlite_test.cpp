// SPDX-License-Identifier: Apache-2.0
#include "faulty_disk.hpp"
#include "store_setting.hpp"

#include <csignal>

#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace keystone::server {
namespace {

using testing::fails_with;
using testing::succeeds;

TEST(Sqlite, AFileThatOthersHoldForTooLongIsAnErrorUntilTheyLetGo) {
  FreshDatabase fresh(Backend::sqlite);
  StoreOptions options = fresh.options();
  options.busy = std::chrono::milliseconds(20);
  Store store = Store::open(options, fill_random).value();
  const auto other = database_source(options).value()->connect().value();
  ASSERT_TRUE(succeeds(other->begin(Database::Purpose::write)));
  EXPECT_TRUE(fails_with(store.ping(), ErrorCode::unreachable));
  EXPECT_TRUE(succeeds(store.revision()));
  other->roll_back();
  EXPECT_TRUE(succeeds(store.ping()));
}

// A disk that fails at any write, with any error: nothing is recorded, and all is well when it is.
TEST(Sqlite, ADiskThatFailsAnywhereIsAnErrorUntilItIsWell) {
  testing::FaultyDisk disk;
  for (const int error : {SQLITE_FULL, SQLITE_READONLY, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC}) {
    const FreshDatabase fresh(Backend::sqlite);
    Store store = fresh.open();
    bool recorded = false;
    std::uint64_t failures = 0;
    for (int allowed = 0; !recorded; ++allowed) {
      const auto settlement = settlement_of("r", {{nonce_of(1), after(300)}});
      disk.fail_after(allowed, error);
      const auto settled = settle(store, {settlement});
      recorded = settled && settled->front() == Settled::recorded;
      if (!recorded) {
        ++failures;
        EXPECT_TRUE(fails_with(settled, ErrorCode::unwritable)) << allowed;
        EXPECT_TRUE(fails_with(store.ping(), ErrorCode::unwritable)) << allowed;
      }
      disk.heal();
      EXPECT_TRUE(succeeds(store.ping())) << allowed;
      EXPECT_EQ(store.find_result("r").value().has_value(), recorded) << allowed;
    }
    EXPECT_GE(failures, 3U);  // a page, its frame's header, the flush
    EXPECT_EQ(verify_audit(store, {}).value().broken, std::nullopt);
  }
}

// A full disk, as the kernel makes one for a process: no file may grow beyond a size. In a process
// of its own; the status says which step went wrong.
int settle_on_a_full_disk(const StoreOptions& options) {
  (void)std::signal(SIGXFSZ, SIG_IGN);
  Store store = Store::open(options, fill_random).value();
  const auto spend = [&](std::uint64_t i) {
    return settle(store, {settlement_of(std::to_string(i), {{nonce_of(i), after(300)}})});
  };
  const rlimit full{64 * 1024, RLIM_INFINITY};
  if (::setrlimit(RLIMIT_FSIZE, &full) != 0) {
    return 1;
  }
  std::uint64_t i = 0;
  while (spend(i)) {
    if (++i == 1000) {
      return 2;
    }
  }
  const auto refused = spend(i);
  if (refused || refused.error().code != ErrorCode::unwritable || store.ping()) {
    return 3;
  }
  if (store.find_result(std::to_string(i)).value() || store.audit_head().value().seq != i) {
    return 4;
  }
  const rlimit free{RLIM_INFINITY, RLIM_INFINITY};
  if (::setrlimit(RLIMIT_FSIZE, &free) != 0) {
    return 5;
  }
  const auto settled = spend(i);
  if (!settled || settled->front() != Settled::recorded) {
    return 6;
  }
  return verify_audit(store, {}).value().broken ? 7 : 0;
}

// What `work` answers in a process of its own.
template <class Work>
int in_a_process(const Work& work) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::_exit(work());
  }
  int status = 0;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Sqlite, AFullDiskIsAnErrorUntilThereIsRoom) {
  const FreshDatabase fresh(Backend::sqlite);
  EXPECT_EQ(in_a_process([&] { return settle_on_a_full_disk(fresh.options()); }), 0);
  EXPECT_EQ(verify_audit(fresh.open(), {}).value().broken, std::nullopt);
}

// As somebody whom permissions hold back.
int open_what_cannot_be_written(const StoreOptions& options) {
  if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) {
    return 1;
  }
  const auto opened = Store::open(options, fill_random);
  return !opened && opened.error().code == ErrorCode::unwritable ? 0 : 2;
}

TEST(Sqlite, AFileThatMayNotBeWrittenIsAnError) {
  const FreshDatabase fresh(Backend::sqlite);
  { const Store store = fresh.open(); }
  const std::string folder = fresh.path().substr(0, fresh.path().rfind('/'));
  ASSERT_EQ(::chmod(fresh.path().c_str(), 0600), 0);
  ASSERT_EQ(::chmod(folder.c_str(), 0555), 0);
  const bool is_root = ::geteuid() == 0;
  ASSERT_EQ(::chmod(fresh.path().c_str(), is_root ? 0444 : 0400), 0);
  EXPECT_EQ(in_a_process([&] { return open_what_cannot_be_written(fresh.options()); }), 0);
  ASSERT_EQ(::chmod(folder.c_str(), 0700), 0);
  EXPECT_TRUE(succeeds(Store::open(fresh.options(), fill_random)));
}

}  // namespace
}  // namespace keystone::server
