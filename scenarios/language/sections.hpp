// SPDX-License-Identifier: Apache-2.0
// The sections of a litmus file, each read into the draft. The cursor stands behind the section's first word;
// sections with a body take the indented lines from the draft's source.
#pragma once
#include "scenarios/language/draft.hpp"

namespace language {

void read_litmus(Cursor& cursor, Draft& draft);  // the name, and the prose below it
void read_kernels_section(Cursor& cursor, Draft& draft);
void read_pool(Cursor& cursor, Draft& draft);
void read_page(Cursor& cursor, Draft& draft);
void read_region(Cursor& cursor, Draft& draft);
void read_uffd(Cursor& cursor, Draft& draft);
void read_epoll(Cursor& cursor, Draft& draft);
void read_socket(Cursor& cursor, Draft& draft);
void read_mutex(Cursor& cursor, Draft& draft);
void read_variable(Cursor& cursor, Draft& draft);
void read_thread(Cursor& cursor, Draft& draft);
void read_outcomes(Cursor& cursor, Draft& draft);
void read_claim(Cursor& cursor, Draft& draft, Claim::Kind kind);
void read_with(Cursor& cursor, Draft& draft);

}  // namespace language
