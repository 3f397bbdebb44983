// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// Style and script of the page that explain_html() writes. The page allows these two and nothing
// else, by the SHA-256 of each in base64 (Content Security Policy Level 3, section 2.3.1); a test
// compares the digests.
namespace keystone::cli {

inline constexpr std::string_view kExplainStyle = R"css(
:root { color-scheme: light dark; --paper: #fff; --ink: #111; --faint: #777; --cursor: #d00000; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #16181c; --ink: #e8e8e8; --faint: #999; --cursor: #ff5c5c; }
}
html { scroll-padding-bottom: 14rem; }
body { margin: 1rem; background: var(--paper); color: var(--ink); font: 15px/1.45 sans-serif; }
h1 { font-size: 1.4rem; }
h2 { font-size: 1.1rem; margin: 1.2rem 0 .4rem; }
code, td, dd { font-family: monospace; }
code, dd { overflow-wrap: anywhere; }
table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .15rem .8rem .15rem 0; }
th { border-bottom: 1px solid var(--faint); }
#map { display: block; max-width: 100%; height: auto; fill: var(--ink); }
#map .paper { fill: var(--paper); }
#map .bar { stroke: var(--ink); }
#map .role { fill: #111; pointer-events: none; }
#map #cursor { fill: none; stroke: var(--cursor); stroke-width: 3; pointer-events: none; }
#page {
  position: sticky; bottom: 0; padding: .4rem .8rem; min-height: 8rem;
  background: var(--paper); border: 1px solid var(--faint);
}
#page h2 { margin: 0; }
#facts { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: .2rem 0 0; }
#facts dt { color: var(--faint); }
#facts dd { margin: 0; }
@media print {
  #page { display: none; }
  #map { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  tr { break-inside: avoid; }
}
)css";
inline constexpr std::string_view kExplainStyleDigest =
    "VGP+J+2yJ4D0rjtLpqqr/9KhFCl/wPNJE176D3meHRY=";

inline constexpr std::string_view kExplainScript = R"js(
'use strict';
const pageSize = 4096;
const transcript = JSON.parse(document.getElementById('transcript').textContent);
const map = document.getElementById('map');
const pages = document.getElementById('pages');
const facts = document.getElementById('facts');
const columns = Number(map.dataset.columns);
const cell = Number(map.dataset.cell);
const runs = Array.from(pages.querySelectorAll('.run'), ({dataset}) => ({
  first: Number(dataset.firstPage),
  pages: Number(dataset.size) / pageSize,
  top: Number(dataset.top),
}));
const starts = [];  // of each range: the number of its first page
let count = 0;
for (const range of transcript.ranges) {
  starts.push(count);
  count += range.size / pageSize;
}
let current = 0;

// The index of the last of these ascending numbers that is at most `value`, else 0.
function lastAtMost(numbers, value) {
  let low = 0;
  for (let high = numbers.length; high - low > 1;) {
    const middle = Math.floor((low + high) / 2);
    if (numbers[middle] <= value) low = middle; else high = middle;
  }
  return low;
}

function pageUnder(event) {
  const inverse = pages.getScreenCTM().inverse();
  const {x, y} = new DOMPoint(event.clientX, event.clientY).matrixTransform(inverse);
  const run = runs[lastAtMost(runs.map(({top}) => top), y)];
  const column = Math.floor(x / cell);
  const index = Math.floor((y - run.top) / cell) * columns + column;
  const isPage = column >= 0 && column < columns && index >= 0 && index < run.pages;
  return isPage ? run.first + index : null;
}

const runOf = (page) => lastAtMost(runs.map(({first}) => first), page);
const hex = (value) => '0x' + value.toString(16);
// Names in files are strangers' text: nothing in them may hide or turn text around.
const shown = (text) => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');

function factsOf(page) {
  const number = lastAtMost(starts, page);
  const range = transcript.ranges[number];
  const at = (page - starts[number]) * pageSize;
  const from = Math.max(at, range.zeros_before);
  const to = Math.min(at + pageSize, range.zeros_before + range.file_bytes);
  const bytes = Math.max(0, to - from);
  const offset = BigInt(range.file_offset) + BigInt(from - range.zeros_before);
  const known = range.pages ? range.pages[page - starts[number]] : {};
  return Object.entries({
    [map.dataset.addressName]: hex(BigInt(range.address) + BigInt(at)),
    part: range.role,
    range: String(number),
    source: bytes ? `${bytes} bytes from file offset ${hex(offset)}` : 'not in the file',
    zeros: bytes < pageSize ? `${pageSize - bytes} bytes: ${range.zeros}` : undefined,
    segment: range.segment,
    sections: range.sections || undefined,
    symbol: known.symbol,
    sha256: known.sha256,
  }).filter(([, value]) => value !== undefined);
}

function show(page) {
  current = page;
  const run = runs[runOf(page)];
  cursor.setAttribute('x', (page - run.first) % columns * cell);
  cursor.setAttribute('y', run.top + Math.floor((page - run.first) / columns) * cell);
  cursor.removeAttribute('visibility');
  facts.replaceChildren(...factsOf(page).flatMap(([name, value]) => {
    const term = document.createElement('dt');
    const text = document.createElement('dd');
    term.textContent = name;
    text.textContent = shown(String(value));
    text.dataset.fact = name;
    return [term, text];
  }));
}

// One row up or down: in the same column, where the row has it.
function nextRow(step) {
  let run = runOf(current);
  const column = (current - runs[run].first) % columns;
  let row = Math.floor((current - runs[run].first) / columns) + step;
  const lastRow = () => Math.floor((runs[run].pages - 1) / columns);
  if (row < 0 && run > 0) {
    run -= 1;
    row = lastRow();
  } else if (row > lastRow() && run + 1 < runs.length) {
    run += 1;
    row = 0;
  } else if (row < 0 || row > lastRow()) {
    return current;
  }
  return runs[run].first + Math.min(row * columns + column, runs[run].pages - 1);
}

const moves = {
  ArrowLeft: () => Math.max(current - 1, 0),
  ArrowRight: () => Math.min(current + 1, count - 1),
  ArrowUp: () => nextRow(-1),
  ArrowDown: () => nextRow(1),
  Home: () => 0,
  End: () => count - 1,
};

const cursor = document.createElementNS(map.namespaceURI, 'rect');
cursor.id = 'cursor';
cursor.setAttribute('width', cell);
cursor.setAttribute('height', cell);
cursor.setAttribute('visibility', 'hidden');
if (count > 0) {
  pages.append(cursor);
  map.setAttribute('tabindex', '0');
  map.setAttribute('role', 'application');
  map.setAttribute('aria-label', 'Memory map: arrow keys, Home and End choose a page');
  map.setAttribute('aria-describedby', 'facts');
  map.addEventListener('pointermove', (event) => {
    const page = pageUnder(event);
    if (page !== null) show(page);
  });
  map.addEventListener('focus', () => show(current));
  map.addEventListener('keydown', (event) => {
    if (!Object.hasOwn(moves, event.key)) return;
    event.preventDefault();
    show(moves[event.key]());
    cursor.scrollIntoView({block: 'nearest', inline: 'nearest'});
  });
}
)js";
inline constexpr std::string_view kExplainScriptDigest =
    "g67kkeEvtvc40sp9oAthUvdl4VSbHFP1EjkddgC5H8w=";

}  // namespace keystone::cli
