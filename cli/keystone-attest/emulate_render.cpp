// SPDX-License-Identifier: Apache-2.0
#include "keystone-attest/emulate_render.hpp"

#include "common/json_text.hpp"

namespace keystone::cli::attest {
namespace {

using Json = nlohmann::ordered_json;

std::string line(std::string_view label, const std::string& value) {
  constexpr std::size_t kColumn = 19;
  std::string text(label);
  text.resize(kColumn, ' ');
  return text + value + "\n";
}

// Empty where a window of the user's own is measured, of no platform.
std::string platform_of(const DeviceRequest& request) {
  const bool own_window = !request.platform && request.base;
  return request.platform.value_or(own_window ? "" : std::string(platforms().front().name));
}

std::string or_none(std::string_view text) {
  return text.empty() ? "(none)" : std::string(text);
}

Json or_null(std::string_view text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json identity_json(const SmIdentity& identity) {
  return {{"sm_hash", identity.sm_hash.hex()},
          {"sm_public_key", identity.sm_public_key.hex()},
          {"sm_signature", identity.sm_signature.hex()},
          {"device_public_key", identity.device_key.hex()}};
}

std::string secret_of(const DeviceKey& key) {
  return hex::encode(key.secret().expose_secret());
}

std::string show_answer(const Json& answer) {
  std::string text;
  for (const auto& [key, value] : answer.items()) {
    const std::string word = value.is_string() ? value.get<std::string>() : value.dump();
    if (key == "call") {
      text = word + ":";
    } else if (key == "error") {
      text += " " + word;
    } else if (key == "meaning") {
      text += " (" + word + ")";
    } else {
      text += ", " + key + " " + word;
    }
  }
  return text + "\n";
}

}  // namespace

std::string show_key(const DeviceKey& key, bool with_secret_key) {
  return key.public_key().hex() + "\n" + (with_secret_key ? secret_of(key) + "\n" : "");
}

std::string show_key_json(const DeviceKey& key, bool with_secret_key) {
  Json json = {{"schema", "keystone.device-key/1"}, {"public_key", key.public_key().hex()}};
  if (with_secret_key) {
    json["secret_key"] = secret_of(key);
  }
  return json_text(json);
}

std::string show_device(const DeviceRequest& request, const Device& device) {
  const SmIdentity& identity = device.identity();
  return line("platform", or_none(platform_of(request))) +
         line("boot_rom", or_none(to_string(device.boot_rom()))) +
         line("sm_hash", identity.sm_hash.hex()) +
         line("sm_public_key", identity.sm_public_key.hex()) +
         line("sm_signature", identity.sm_signature.hex()) +
         line("device_public_key", identity.device_key.hex());
}

std::string show_device_json(const DeviceRequest& request, const Device& device) {
  Json json = {{"schema", "keystone.emulated-device/1"},
               {"platform", or_null(platform_of(request))},
               {"boot_rom", or_null(to_string(device.boot_rom()))}};
  json.update(identity_json(device.identity()));
  return json_text(json);
}

std::string show_sealed(const SecurityMonitor::Sealed& sealed) {
  return line("sealing_key", hex::encode(sealed.key.bytes())) +
         line("signature", sealed.signature->hex());
}

std::string show_sealed_json(const EnclaveHash& enclave, ByteView ident,
                             const SecurityMonitor::Sealed& sealed) {
  return json_text({{"schema", "keystone.sealing-key/1"},
                    {"enclave_hash", enclave.hex()},
                    {"ident", hex::encode(ident)},
                    {"sealing_key", hex::encode(sealed.key.bytes())},
                    {"signature", sealed.signature->hex()}});
}

std::string show_answers(const ScriptAnswers& answers) {
  std::string text;
  for (const Json& answer : answers.calls) {
    text += show_answer(answer);
  }
  return text;
}

std::string show_answers_json(const ScriptAnswers& answers) {
  return json_text({{"schema", "keystone.emulation/1"},
                    {"device", identity_json(answers.identity)},
                    {"calls", answers.calls}});
}

}  // namespace keystone::cli::attest
