// SPDX-License-Identifier: Apache-2.0
// Bytes are a line of an exported audit log. One that is read is written so that it is read again,
// to the same.
#include "attestd/audit_export.hpp"
#include "keystone/base/assert.hpp"
#include "keystone/base/text.hpp"
#include "keystone/testing/fuzz.hpp"

namespace {

using keystone::server::attestd::export_line;
using keystone::server::attestd::ExportLine;

std::string written(const ExportLine& line) {
  return std::visit([](const auto& each) { return export_line(each); }, line);
}

}  // namespace

void keystone::fuzz(ByteView input) {
  const std::string_view text(reinterpret_cast<const char*>(input.data()), input.size());
  const auto line = server::attestd::parse_export_line(text);
  if (!line) {
    const std::string& message = line.error().message;
    KEYSTONE_ASSERT(!message.empty() && printable(message, message.size()) == message);
    return;
  }
  const std::string once = written(*line);
  KEYSTONE_ASSERT(once.find('\n') == once.size() - 1);
  const auto again = server::attestd::parse_export_line(once.substr(0, once.size() - 1));
  KEYSTONE_ASSERT(again && again->index() == line->index() && written(*again) == once);
}
