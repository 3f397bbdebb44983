// SPDX-License-Identifier: Apache-2.0
#include "attestd/audit_export.hpp"
#include "attestd/checkpoint.hpp"
#include "attestd/commands.hpp"
#include "attestd/node.hpp"
#include "common/answer.hpp"
#include "common/program.hpp"
#include "common/sparse_file.hpp"

#include <algorithm>

namespace keystone::server::attestd {
namespace {

ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

template <class Line>
Status add(cli::SparseFile& file, const Line& line) {
  return file.append(bytes_of(export_line(line)));
}

Status export_records(const Store& store, const ExportStart& start, cli::SparseFile& file) {
  constexpr std::size_t kPage = 1000;
  for (std::uint64_t next = start.base.seq + 1; next <= start.head.seq;) {
    KEYSTONE_TRY(
        const auto records,
        store.audit_records(next, std::min<std::uint64_t>(kPage, start.head.seq + 1 - next)));
    if (records.empty()) {
      return fail(ErrorCode::malformed, "audit record " + std::to_string(next) + ": is missing");
    }
    for (const AuditRecord& record : records) {
      KEYSTONE_CHECK_OK(add(file, record));
    }
    next = records.back().seq + 1;
  }
  return {};
}

}  // namespace

Result<int> run(const AuditExportCommand& command) {
  KEYSTONE_TRY(const auto config, read_config(command.place));
  KEYSTONE_TRY(const auto node, open_node(config, command.place.state));
  const std::string& output = command.common.output;
  KEYSTONE_TRY(auto file, cli::SparseFile::create(output.empty() ? "-" : output));
  // In this order: no checkpoint is of a record behind the end.
  KEYSTONE_TRY(const auto checkpoints, node.store->checkpoints());
  KEYSTONE_TRY(const auto base, node.store->audit_base());
  KEYSTONE_TRY(const auto head, node.store->audit_head());
  const ExportStart start{base, head};
  KEYSTONE_CHECK_OK(add(file, start));
  for (const Checkpoint& checkpoint : checkpoints) {
    KEYSTONE_CHECK_OK(add(file, ExportedCheckpoint{checkpoint.jws}));
  }
  KEYSTONE_CHECK_OK(export_records(*node.store, start, file));
  return cli::done(file.commit());
}

Result<int> run(const AuditCheckpointCommand& command) {
  KEYSTONE_TRY(const auto config, read_config(command.place));
  KEYSTONE_TRY(auto node, open_node(config, command.place.state));
  KEYSTONE_TRY(const auto ring, KeyRing::open(std::move(node.keys), system_clock_now));
  KEYSTONE_TRY(const auto made, make_checkpoint(*node.store, system_clock_now(), *ring));
  return cli::done(cli::write_answer(command.common.output, made.jws + "\n"));
}

}  // namespace keystone::server::attestd
