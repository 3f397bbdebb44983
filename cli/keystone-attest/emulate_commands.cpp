// SPDX-License-Identifier: Apache-2.0
#include "common/answer.hpp"
#include "common/kept_file.hpp"
#include "common/program.hpp"
#include "keystone-attest/emulate.hpp"
#include "keystone-attest/emulate_arguments.hpp"
#include "keystone-attest/emulate_key_file.hpp"
#include "keystone-attest/emulate_render.hpp"
#include "keystone-attest/report_file.hpp"
#include "keystone/crypto/random.hpp"

#include <filesystem>
#include <memory>

namespace keystone::cli::attest {
namespace {

Result<Script> read_script(const std::string& path) {
  KEYSTONE_TRY(const auto text, read_text(path));
  const auto folder = path == "-" ? std::filesystem::path() : std::filesystem::path(path);
  auto script = parse_script(text, folder.parent_path());
  return script ? std::move(script) : Result<Script>(fail(script.error().within(path)));
}

// One overload for each command.
class Emulation {
 public:
  explicit Emulation(const Console& console) : console_(console) {}

  Result<int> operator()(const KeygenCommand& command) const {
    SecretBytes fresh(SecretKey::kSeedSize);
    fill_random(fresh.bytes());
    const ByteView seed = command.seed.size() == 0 ? fresh.bytes() : command.seed.bytes();
    const auto fixed = seed.first<SecretKey::kSeedSize>();
    KEYSTONE_TRY(const auto key, DeviceKey::from_seed(fixed));
    KEYSTONE_CHECK_OK(make_key_file(command.common.output, serialize_seed(fixed)));
    const bool secret = command.print_secret_keys;
    const auto told =
        write_answer("", command.common.json ? show_key_json(key, secret) : show_key(key, secret));
    if (!told) {  // a command that fails leaves nothing
      std::error_code ignored;
      std::filesystem::remove(command.common.output, ignored);
    }
    return done(told);
  }

  Result<int> operator()(const BootCommand& command) const {
    const std::string& output = command.common.output;
    KEYSTONE_CHECK_OK(refuse_overwriting(output, inputs_of(command.device, {})));
    KEYSTONE_TRY(const auto device, boot_device(command.device, console_));
    return done(write_answer(output, command.common.json ? show_device_json(command.device, device)
                                                         : show_device(command.device, device)));
  }

  Result<int> operator()(const AttestCommand& command) const {
    const std::string& output = command.common.output;
    KEYSTONE_CHECK_OK(refuse_overwriting(output, inputs_of(command.device, command.enclave)));
    KEYSTONE_CHECK_OK(refuse_terminal(output, command.format));
    KEYSTONE_TRY(const auto enclave,
                 EmulatedEnclave::create(command.device, command.enclave, console_));
    KEYSTONE_TRY(const auto report, enclave->attest(command.data));
    if (!command.dirty_tail) {
      return done(write_answer(output, encode(report, command.format)));
    }
    KEYSTONE_TRY(const auto dirty, with_dirty_tail(report, *command.dirty_tail));
    const ByteView bytes = dirty.received();
    return done(write_answer(output, std::string(bytes.begin(), bytes.end())));
  }

  Result<int> operator()(const SealCommand& command) const {
    KEYSTONE_TRY(const auto enclave,
                 EmulatedEnclave::create(command.device, command.enclave, console_));
    KEYSTONE_TRY(const auto sealed, enclave->sealing_key(command.ident));
    return done(write_answer("", command.common.json
                                     ? show_sealed_json(enclave->hash(), command.ident, sealed)
                                     : show_sealed(sealed)));
  }

  Result<int> operator()(const RunScriptCommand& command) const {
    KEYSTONE_TRY(auto script, read_script(command.script));
    KEYSTONE_TRY(script.device, merge(script.device, command.device));
    KEYSTONE_TRY(const auto answers, run_script(script, command.print_secret_keys, console_));
    return done(
        write_answer("", command.common.json ? show_answers_json(answers) : show_answers(answers)));
  }

  Result<int> operator()(const ServeCommand& command) const {
    return done(serve(command, console_));
  }

  Result<int> operator()(const NegativesCommand& command) const {
    KEYSTONE_TRY(const auto files, make_negatives(command.seed));
    return done(write_negatives(command.folder, files));
  }

 private:
  const Console& console_;
};

}  // namespace

Result<EmulateCommand> emulate_command(const std::string& name, const CommonArguments& common,
                                       const EmulateSpelling& spelt) {
  KEYSTONE_TRY(auto read, read_emulate(name, common, spelt));
  // Shared, since a std::function is copied and a key is not.
  const auto task = std::make_shared<const EmulateTask>(std::move(read));
  return EmulateCommand{
      common, [task](const Console& console) { return std::visit(Emulation(console), *task); }};
}

}  // namespace keystone::cli::attest
