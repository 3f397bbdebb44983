// SPDX-License-Identifier: Apache-2.0
#include "attestd/upkeep.hpp"

#include <utility>

namespace keystone::server::attestd {
namespace {

// Calls `step`, which removes some rows and says how many, until there are none left.
template <class Step, class Stopping>
Status until_none(const Step& step, const Stopping& stopping) {
  while (!stopping()) {
    KEYSTONE_TRY(const auto removed, step());
    if (removed == 0) {
      break;
    }
  }
  return {};
}

}  // namespace

Upkeep::Options Upkeep::options_of(const Config& config) {
  return {config.node, config.keys, config.upkeep, config.service.result_lifetime};
}

Upkeep::Upkeep(std::shared_ptr<Store> store, std::shared_ptr<KeyRing> ring, KeyRing::Clock clock,
               Log& log, Options options)
    : store_(std::move(store)),
      ring_(std::move(ring)),
      clock_(std::move(clock)),
      log_(log),
      options_(std::move(options)) {}

Upkeep::~Upkeep() {
  stop();
}

void Upkeep::start() {
  thread_ = std::thread([this] { run(); });
}

void Upkeep::reload(Options options) {
  const std::lock_guard lock(mutex_);
  options_ = std::move(options);
  due_ = true;
  wake_.notify_all();
}

void Upkeep::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    wake_.notify_all();
  }
  if (thread_.joinable()) {
    thread_.join();
    const std::lock_guard lock(working_);
    next_checkpoint_ = Instant::min();
    report("checkpoint", checkpoint());
  }
}

void Upkeep::run() {
  while (!stopping()) {
    run_once();
    std::unique_lock lock(mutex_);
    const auto every = options_.upkeep.every;
    (void)wake_.wait_for(lock, every, [this] { return stop_ || due_; });
    due_ = false;
  }
}

void Upkeep::run_once() {
  const std::lock_guard lock(working_);
  report("keys", look_after_keys());
  report("expire", expire());
  report("checkpoint", checkpoint());
  report("prune", prune());
}

Status Upkeep::look_after_keys() {
  const Options now_options = options();
  const auto refreshed = ring_->refresh(now_options.keys, now_options.result_lifetime);
  const bool changed = !refreshed || *refreshed;
  if (changed) {
    next_publication_ = Instant::min();  // also if it fails now: until it has come through
  }
  if (clock_() >= next_publication_) {
    KEYSTONE_CHECK_OK(publish_keys());
  }
  if (!refreshed) {
    return fail(refreshed.error());
  }
  if (changed) {
    log_.write(LogLevel::info, "keys changed", {{"signing", ring_->current()}});
  }
  return {};
}

Status Upkeep::publish_keys() {
  const Options now_options = options();
  const Instant now = clock_();
  for (const KeyTerm& term : ring_->terms()) {
    KEYSTONE_CHECK_OK(store_->publish_key(
        {term.kid, term.jwk, now_options.node, term.signs_from,
         public_until(term, now_options.keys, now_options.result_lifetime, now)}));
  }
  // Long before what was published runs out.
  next_publication_ = now + now_options.keys.overlap / 4;
  return {};
}

Status Upkeep::expire() {
  return until_none([&] { return store_->expire(clock_()); }, [&] { return stopping(); });
}

Status Upkeep::checkpoint() {
  const Instant now = clock_();
  if (now < next_checkpoint_) {
    return {};
  }
  KEYSTONE_TRY(const auto made, make_checkpoint(*store_, now, *ring_));
  log_.write(LogLevel::debug, "checkpoint", {{"seq", made.head.seq}});
  next_checkpoint_ = now + options().upkeep.checkpoint_every;
  return {};
}

Status Upkeep::prune() {
  const UpkeepOptions keep = options().upkeep;
  const Instant now = clock_();
  const auto halt = [&] { return stopping(); };
  if (keep.keep_results) {
    KEYSTONE_CHECK_OK(
        until_none([&] { return store_->prune_results(now - *keep.keep_results); }, halt));
  }
  if (keep.keep_audit) {
    const Instant before = now - *keep.keep_audit;
    KEYSTONE_TRY(const auto checkpoints, store_->checkpoints());
    if (!checkpoints.empty()) {
      KEYSTONE_CHECK_OK(
          until_none([&] { return store_->prune_audit(before, checkpoints.back()); }, halt));
    }
  }
  return {};
}

void Upkeep::report(const char* step, const Status& status) {
  if (!status) {
    log_.write(LogLevel::error, "upkeep failed",
               {{"step", step}, {"cause", status.error().message}});
  }
}

Upkeep::Options Upkeep::options() const {
  const std::lock_guard lock(mutex_);
  return options_;
}

bool Upkeep::stopping() const {
  const std::lock_guard lock(mutex_);
  return stop_;
}

}  // namespace keystone::server::attestd
