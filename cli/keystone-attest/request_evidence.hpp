// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone-attest/request_arguments.hpp"
#include "keystone/report/report.hpp"

namespace keystone::cli::attest {

// A report for the nonce, from wherever the evidence is to come. The command of an EvidenceCommand
// has the nonce in hex, in the environment as KEYSTONE_NONCE and as the line of its standard input;
// it must write one report in any form to its standard output, and end with 0 in its time, else
// `unreadable`.
[[nodiscard]] Result<Report> gather_evidence(const EvidenceSource& source, ByteView nonce,
                                             const Console& console);

}  // namespace keystone::cli::attest
