// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/descriptor.hpp"
#include "keystone/base/result.hpp"
#include "keystone/crypto/secret_bytes.hpp"

#include <cstddef>
#include <string>

// Files and folders that are nobody else's business: of this user, and without a bit for others.
namespace keystone::server::attestd {

// The folder at `path`, made with mode 0700 if `make` and it is missing; a link is followed.
// `unreadable` unless it is this user's and closed to others: what is in there would not be secret.
[[nodiscard]] Result<Descriptor> open_private_folder(const std::string& path, bool make);

// All of the file `name` in `folder`: a regular one of this user, closed to others, of at most
// `most` bytes. A link is refused. Fails with `unreadable` or `limit_exceeded`; `shown` names it.
[[nodiscard]] Result<SecretBytes> read_private_file(const Descriptor& folder,
                                                    const std::string& name,
                                                    const std::string& shown, std::size_t most);

// Writes a new file with mode 0600, and its folder's entry, to the disk. `unwritable` if anything
// has that name, or it cannot be written; then nothing of it remains.
[[nodiscard]] Status write_private_file(const Descriptor& folder, const std::string& name,
                                        const std::string& shown, ByteView content);

}  // namespace keystone::server::attestd
