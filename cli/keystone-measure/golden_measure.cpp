// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/golden_measure.hpp"

#include "keystone-measure/enclave_files.hpp"
#include "keystone-measure/golden_check.hpp"
#include "keystone-measure/sm_file.hpp"
#include "keystone/crypto/digests.hpp"

#include <algorithm>
#include <atomic>
#include <new>
#include <thread>
#include <utility>

namespace keystone::cli {
namespace {

// Each has up to three descriptors, of which a process commonly may have 1024.
constexpr std::size_t kMostOpen = 256;

Error out_of_memory() {
  return {ErrorCode::internal, "out of memory"};
}

// What `work` answers, with every exception an Error: nobody above a worker thread catches one.
template <class Work>
auto guarded(Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return fail(out_of_memory());
  } catch (const std::exception& problem) {
    return fail(ErrorCode::internal, problem.what());
  }
}

// --- one kind of entry and the other -------------------------------------------------------------

Result<std::unique_ptr<EnclaveFiles>> open(const GoldenEnclave& entry, const GoldenPlace& place,
                                           Progress& progress) {
  KEYSTONE_TRY(const auto request, request_of(entry, place));
  return EnclaveFiles::open(request, {true, &progress, true});
}

Result<std::unique_ptr<SmFile>> open(const GoldenSm& entry, const GoldenPlace& place,
                                     Progress& progress) {
  KEYSTONE_TRY(const auto image, place.resolve(entry.image.path));
  return SmFile::open({image, entry.platform, entry.base, entry.size, entry.fill},
                      {true, &progress, true});
}

Result<GoldenEnclave> finished(const GoldenEnclave& entry, EnclaveFiles& files,
                               const Result<Digest512>& digest) {
  KEYSTONE_CHECK_OK(digest);
  KEYSTONE_TRY(const auto profile, profile_from_name(entry.profile));
  KEYSTONE_TRY(const auto record, files.finish({profile, EnclaveHash(digest->bytes())}));
  GoldenEnclave now = entry;
  now.eapp = golden_input(record.inputs[0], entry.eapp.path);
  now.runtime = golden_input(record.inputs[1], entry.runtime.path);
  if (entry.loader) {
    now.loader = golden_input(record.inputs[2], entry.loader->path);
  }
  now.hash = record.measurement.hash;
  return now;
}

Result<GoldenSm> finished(const GoldenSm& entry, SmFile& file, const Result<Digest512>& digest) {
  if (!digest) {
    return fail(file.about(digest.error()));
  }
  KEYSTONE_TRY(const auto record, file.finish(SmHash(digest->bytes())));
  GoldenSm now = entry;
  now.image = golden_input(record.image, entry.image.path);
  now.hash = record.hash;
  return now;
}

// --- hashing -------------------------------------------------------------------------------------

template <class Entry, class Files>
class EntryStream final : public DigestStream {
 public:
  EntryStream(const Entry& entry, std::unique_ptr<Files> files, MeasuredStream stream,
              Result<Entry>& now)
      : entry_(entry), files_(std::move(files)), stream_(std::move(stream)), now_(now) {}

  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    return guarded([&] { return stream_.read(out); });
  }
  void finish(Result<Digest512> digest) override {
    now_ = guarded([&] { return finished(entry_, *files_, digest); });
  }

 private:
  const Entry& entry_;
  std::unique_ptr<Files> files_;
  MeasuredStream stream_;
  Result<Entry>& now_;
};

template <class Entry, class Files>
Result<std::unique_ptr<DigestStream>> stream_of(const Entry& entry, std::unique_ptr<Files> files,
                                                Result<Entry>& now) {
  KEYSTONE_TRY(auto stream, files->stream());
  return std::unique_ptr<DigestStream>(
      std::make_unique<EntryStream<Entry, Files>>(entry, std::move(files), std::move(stream), now));
}

// The entry with its files open; null if these cannot be measured: then `now` says why.
template <class Entry>
std::unique_ptr<DigestStream> start(const Entry& entry, const GoldenPlace& place,
                                    Progress& progress, Result<Entry>& now) {
  auto stream = guarded([&]() -> Result<std::unique_ptr<DigestStream>> {
    KEYSTONE_TRY(auto files, open(entry, place, progress));
    return stream_of(entry, std::move(files), now);
  });
  if (!stream) {
    now = fail(stream.error());
    return nullptr;
  }
  return *std::move(stream);
}

// The entries of a golden file, taken one by one from any number of threads.
class Entries {
 public:
  Entries(const GoldenFile& golden, const GoldenPlace& place, Progress& progress)
      : golden_(golden),
        place_(place),
        progress_(progress),
        now_{Enclaves(golden.enclaves.size(), fail(out_of_memory())),
             Monitors(golden.security_monitors.size(), fail(out_of_memory()))} {}

  [[nodiscard]] std::size_t count() const {
    return now_.enclaves.size() + now_.security_monitors.size();
  }

  // The next one that can be measured; null after the last.
  std::unique_ptr<DigestStream> next() {
    for (std::size_t i = next_++; i < count(); i = next_++) {
      if (auto stream = start_number(i)) {
        return stream;
      }
    }
    return nullptr;
  }

  [[nodiscard]] MeasuredAgain answers() && { return std::move(now_); }

 private:
  using Enclaves = std::vector<Result<GoldenEnclave>>;
  using Monitors = std::vector<Result<GoldenSm>>;

  std::unique_ptr<DigestStream> start_number(std::size_t i) {
    const std::size_t enclaves = golden_.enclaves.size();
    return i < enclaves ? start(golden_.enclaves[i], place_, progress_, now_.enclaves[i])
                        : start(golden_.security_monitors[i - enclaves], place_, progress_,
                                now_.security_monitors[i - enclaves]);
  }

  const GoldenFile& golden_;
  const GoldenPlace& place_;
  Progress& progress_;
  MeasuredAgain now_;  // out of memory, where nobody says otherwise
  std::atomic<std::size_t> next_{0};
};

void hash_entries(Entries& entries, std::size_t most_at_once) {
  try {
    sha3_512_streams([&] { return entries.next(); }, most_at_once);
  } catch (const std::bad_alloc&) {
    // No room for this thread's buffers: what nobody else measures says so already.
  }
}

}  // namespace

MeasuredAgain measure_again(const GoldenFile& golden, const GoldenPlace& place, unsigned jobs,
                            Progress& progress) {
  Entries entries(golden, place, progress);
  const std::size_t threads = std::clamp<std::size_t>(entries.count(), 1, jobs);
  const std::size_t share = (entries.count() + threads - 1) / threads;
  const std::size_t most_at_once = std::max<std::size_t>(1, std::min(kMostOpen / threads, share));
  {
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < threads; ++i) {
      helpers.emplace_back([&] { hash_entries(entries, most_at_once); });
    }
    hash_entries(entries, most_at_once);
  }
  return std::move(entries).answers();
}

}  // namespace keystone::cli
