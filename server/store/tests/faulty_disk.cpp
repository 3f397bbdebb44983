// SPDX-License-Identifier: Apache-2.0
#include "faulty_disk.hpp"

#include <atomic>
#include <limits>
#include <map>
#include <mutex>
#include <stdexcept>

#include <sqlite3.h>

namespace keystone::testing {
namespace {

constexpr int kNever = std::numeric_limits<int>::max();

std::atomic<int> writes_so_far = 0;
std::atomic<int> writes_allowed = kNever;
std::atomic<int> error_code = SQLITE_OK;

sqlite3_vfs* real_disk = nullptr;
sqlite3_vfs faulty_disk;

bool fails() {
  return writes_so_far++ >= writes_allowed;
}

// What the real disk does, by the table that a file then has instead of the real one.
std::mutex tables_mutex;
std::map<const sqlite3_io_methods*, sqlite3_io_methods> faulty_by_real;
std::map<const sqlite3_io_methods*, const sqlite3_io_methods*> real_by_faulty;

const sqlite3_io_methods& real_of(sqlite3_file* file) {
  const std::lock_guard lock(tables_mutex);
  return *real_by_faulty.at(file->pMethods);
}

int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
  return fails() ? error_code.load() : real_of(file).xWrite(file, bytes, count, at);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  return fails() ? error_code.load() : real_of(file).xTruncate(file, size);
}

int flush(sqlite3_file* file, int flags) {
  return fails() ? error_code.load() : real_of(file).xSync(file, flags);
}

int open(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
  const int opened = real_disk->xOpen(real_disk, name, file, flags, out_flags);
  if (file->pMethods != nullptr) {
    const std::lock_guard lock(tables_mutex);
    auto& faulty = faulty_by_real[file->pMethods];
    faulty = *file->pMethods;
    faulty.xWrite = write;
    faulty.xTruncate = truncate;
    faulty.xSync = flush;
    real_by_faulty[&faulty] = file->pMethods;
    file->pMethods = &faulty;
  }
  return opened;
}

}  // namespace

FaultyDisk::FaultyDisk() {
  heal();
  real_disk = sqlite3_vfs_find(nullptr);
  faulty_disk = *real_disk;
  faulty_disk.zName = "faulty";
  faulty_disk.pNext = nullptr;
  faulty_disk.xOpen = open;
  if (sqlite3_vfs_register(&faulty_disk, 1) != SQLITE_OK) {
    throw std::runtime_error("cannot register a disk with SQLite");
  }
}

FaultyDisk::~FaultyDisk() {
  (void)sqlite3_vfs_unregister(&faulty_disk);
  (void)sqlite3_vfs_register(real_disk, 1);
}

void FaultyDisk::fail_after(int writes, int error) {
  error_code = error;
  writes_so_far = 0;
  writes_allowed = writes;
}

void FaultyDisk::heal() {
  fail_after(kNever, SQLITE_OK);
}

int FaultyDisk::writes() const {
  return writes_so_far;
}

}  // namespace keystone::testing
