// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_machine.hpp"

#include "keystone/base/arithmetic.hpp"
#include "keystone/base/assert.hpp"
#include "keystone/base/number.hpp"
#include "keystone/crypto/random.hpp"

#include <algorithm>
#include <map>

namespace keystone::cli::attest {
namespace {

using Json = nlohmann::ordered_json;

std::string place(std::string_view list, std::size_t index) {
  return std::string(list) + "[" + std::to_string(index) + "]";
}

// The error of a script's entry: it is the script that is wrong, and not the command line.
Error about(const std::string& where, const Error& error) {
  const ErrorCode code = error.code == ErrorCode::usage ? ErrorCode::malformed : error.code;
  return Error(code, error.message, error.hint).within(where);
}

Status copy(SourceFile& file, std::uint64_t at, PhysicalMemory& memory) {
  constexpr std::uint64_t kPiece = std::uint64_t{128} << 10U;
  std::vector<std::uint8_t> buffer(narrow<std::size_t>(std::min(file.size(), kPiece)));
  for (std::uint64_t done = 0; done < file.size(); done += kPiece) {
    const auto piece =
        std::span(buffer).first(narrow<std::size_t>(std::min(file.size() - done, kPiece)));
    KEYSTONE_CHECK_OK(file.read_at(done, piece));
    KEYSTONE_CHECK_OK(memory.write(at + done, piece));
  }
  return file.finish();
}

// Where files lie: base to end.
using Taken = std::map<std::uint64_t, std::uint64_t>;

Status take(Taken& taken, const MemoryFile& file, std::uint64_t size) {
  const auto end = checked_add(file.at, size);
  const auto behind = taken.lower_bound(file.at);
  const bool meets_behind = behind != taken.end() && end && *end > behind->first;
  const bool meets_before = behind != taken.begin() && std::prev(behind)->second > file.at;
  if (!end || meets_behind || meets_before) {
    return fail(ErrorCode::malformed,
                file.path + ": " + std::to_string(size) + " bytes at " + to_hex_number(file.at) +
                    (end ? " overlap another file's" : " wrap around the address space"));
  }
  taken.emplace(file.at, *end);
  return {};
}

Status fill(const std::vector<MemoryFile>& files, PhysicalMemory& memory) {
  Taken taken;
  std::uint64_t left = kMaxScriptMemory;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const MemoryFile& entry = files[i];
    KEYSTONE_TRY(auto file, SourceFile::open(place("memory", i), entry.path, true));
    if (file.size() > left) {
      return fail(ErrorCode::limit_exceeded, place("memory", i) + ": got more than " +
                                                 std::to_string(kMaxScriptMemory) +
                                                 " bytes of files, want at most that");
    }
    left -= file.size();
    const auto placed = take(taken, entry, file.size());
    const auto there = placed ? memory.check_present(entry.at, file.size()) : placed;
    const auto copied = there ? copy(file, entry.at, memory) : there;
    if (!copied) {
      return fail(about(place("memory", i), copied.error()));
    }
  }
  return {};
}

// Puts one call, and makes an object of what comes back.
class Caller {
 public:
  Caller(SecurityMonitor& monitor, const PhysicalMemory& memory, bool with_secret_keys)
      : monitor_(monitor), memory_(memory), with_secret_keys_(with_secret_keys) {}

  Result<Json> operator()(const CreateCall& call) const {
    if (memory_.bytes_read() > kMaxScriptMeasured) {
      return fail(ErrorCode::limit_exceeded, "create: all enclaves before: got more than " +
                                                 std::to_string(kMaxScriptMeasured) +
                                                 " bytes to measure, want at most that");
    }
    KEYSTONE_TRY(const auto created, monitor_.create(call.arguments));
    Json answer = answer_with(created.code);
    if (created.hash) {
      answer["enclave"] = created.id;
      answer["enclave_hash"] = created.hash->hex();
    }
    return answer;
  }

  Result<Json> operator()(const StateCall& call) const {
    switch (call.kind) {
      case StateCall::Kind::destroy:
        return answer_with(monitor_.destroy(call.enclave));
      case StateCall::Kind::run:
        return answer_with(monitor_.run(call.enclave));
      case StateCall::Kind::resume:
        return answer_with(monitor_.resume(call.enclave));
      case StateCall::Kind::exit:
        return answer_with(monitor_.exit(call.enclave));
    }
    KEYSTONE_ASSERT(false);
  }

  Result<Json> operator()(const StopCall& call) const {
    return answer_with(monitor_.stop(call.enclave, call.reason));
  }

  Result<Json> operator()(const RandomCall&) const {
    Json answer = answer_with(SmCode::success);
    answer["random"] = to_hex_number(monitor_.random(fill_random));
    return answer;
  }

  Result<Json> operator()(const AttestCall& call) const {
    return answer_with(monitor_.attest(call.enclave, call.data));
  }

  Result<Json> operator()(const AttestInMemoryCall& call) const {
    return answer_with(
        monitor_.attest_in_memory(call.enclave, call.report_at, call.data_at, call.size));
  }

  Result<Json> operator()(const SealingKeyCall& call) const {
    KEYSTONE_TRY(const auto sealed, monitor_.sealing_key(call.enclave, call.ident));
    Json answer = answer_with(sealed.code);
    if (sealed.signature) {
      if (with_secret_keys_) {
        answer["sealing_key"] = hex::encode(sealed.key.bytes());
      }
      answer["signature"] = sealed.signature->hex();
    }
    return answer;
  }

  Result<Json> operator()(const NumberedCall& call) const {
    return answer_with(SecurityMonitor::check_call(call.function_id, call.from_enclave));
  }

 private:
  static Json answer_with(SmCode code) {
    return {{"error", static_cast<std::uint64_t>(code)}, {"meaning", to_string(code)}};
  }

  static Result<Json> answer_with(const Result<SecurityMonitor::Attested>& attested) {
    if (!attested) {
      return fail(attested.error());
    }
    Json answer = answer_with(attested->code);
    if (attested->report) {
      answer["report"] = hex::encode(attested->report->encode_fixed());
    }
    return answer;
  }

  SecurityMonitor& monitor_;
  const PhysicalMemory& memory_;
  bool with_secret_keys_;
};

}  // namespace

Result<ScriptAnswers> run_script(const Script& script, bool with_secret_keys,
                                 const Console& console) {
  PhysicalMemory memory;
  KEYSTONE_CHECK_OK(memory.add(kMachineMemory, kMachineMemorySize));
  KEYSTONE_TRY(auto monitor, start_monitor(script.device, script.profile, memory, console));
  KEYSTONE_CHECK_OK(fill(script.memory, memory));
  ScriptAnswers answers{monitor.identity(), Json::array()};
  for (std::size_t i = 0; i < script.calls.size(); ++i) {
    const auto answer = std::visit(Caller(monitor, memory, with_secret_keys), script.calls[i]);
    if (!answer) {
      return fail(about(place("calls", i), answer.error()));
    }
    Json entry = {{"call", name_of(script.calls[i])}};
    entry.update(*answer);
    answers.calls.push_back(std::move(entry));
  }
  return answers;
}

}  // namespace keystone::cli::attest
