// The report in a browser: filters, the matrix, what is behind a cell, links into it, keys. Text is only ever set as
// text, so nothing of the code is taken for markup.
'use strict';
(() => {
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($('data').textContent);
  const text = (at) => data.texts[at];

  /** An element with attributes and children; texts become text. */
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  // Findings and their filters.
  const findings = [...document.querySelectorAll('.finding')];
  const severities = [...document.querySelectorAll('[name="severity"]')];
  const words = new Map(findings.map((one) => [one, one.textContent.toLowerCase()]));

  const filter = () => {
    const shown = new Set(severities.filter((box) => box.checked).map((box) => box.value));
    const [rule, cluster] = [$('rule').value, $('cluster').value];
    const wanted = $('text').value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const one of findings) {
      const of = one.dataset;
      const fits = shown.has(of.severity)
        && (!rule || of.rule === rule)
        && (!cluster || of.clusters.split(' ').includes(cluster))
        && wanted.every((word) => words.get(one).includes(word));
      one.hidden = !fits;
      count += fits ? 1 : 0;
    }
    $('count').textContent = `${count} of ${findings.length} findings`;
  };

  const clear = () => {
    severities.forEach((box) => { box.checked = true; });
    for (const id of ['rule', 'cluster', 'text']) $(id).value = '';
    filter();
  };

  // The matrix: clients in rows, clusters in columns.
  const ROWS = 60;
  const COLUMNS = 40;
  const state = { rows: ROWS, columns: COLUMNS, open: new Set() };

  const kindOf = (table, at) => data.kinds[parseInt(table.cells[at], 36)];

  const button = (table, at) => {
    const kind = kindOf(table, at);
    if (!kind) return make('td');
    const [from, to] = ends(table, at);
    const label = `${from} asks for ${to}: ${kind.told}`;
    const own = make('button', { type: 'button', class: kind.class, 'aria-label': label, title: label, tabindex: '-1' },
      `${kind.sign} ${kind.word}`);
    own.addEventListener('click', () => go(table, at));
    own.dataset.cell = at;
    return make('td', {}, own);
  };

  const ends = (table, at) => {
    const columns = table.clusters.length;
    return [text(table.clients[Math.floor(at / columns)]), text(table.clusters[at % columns])];
  };

  /** Each row with what it says, and all that say the same. */
  const alike = (table, rows, columns) => {
    const sets = new Map();
    const keys = rows.map((row) => columns.map((column) => table.cells[row * table.clusters.length + column]).join(''));
    keys.forEach((key, at) => sets.set(key, [...(sets.get(key) || []), rows[at]]));
    return rows.map((row, at) => [row, keys[at], sets.get(keys[at])]);
  };

  const draw = () => {
    const wanted = $('who').value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (names, at) => wanted.length === 0 || wanted.some((word) => text(names[at]).toLowerCase().includes(word));
    const all = (names) => names.map((_, at) => at);
    const home = $('tables');
    home.replaceChildren();
    for (const [number, table] of data.tables.entries()) {
      let rows = all(table.clients).filter((at) => fits(table.clients, at));
      let columns = all(table.clusters).filter((at) => fits(table.clusters, at));
      if (rows.length === 0 && columns.length === 0) continue;
      rows = rows.length === 0 ? all(table.clients) : rows;
      columns = columns.length === 0 ? all(table.clusters) : columns;
      home.append(matrix(number, table, rows, columns));
    }
    if (!home.firstChild) home.append(make('p', { class: 'soft' }, 'No client and no cluster is called so.'));
    const first = home.querySelector('td button');
    if (first) first.tabIndex = 0;
  };

  const matrix = (number, table, rows, columns) => {
    const hidden = Math.max(0, columns.length - state.columns);
    columns = columns.slice(0, state.columns);
    const head = make('tr', {}, make('th', { scope: 'col' }, 'client'));
    columns.forEach((at) => head.append(make('th', { scope: 'col' }, text(table.clusters[at]))));
    const body = make('tbody');
    let left = state.rows;
    let folded = 0;
    for (const [row, key, set] of alike(table, rows, columns)) {
      const name = `${number}/${key}`;
      const folds = set.length > 3 && !state.open.has(name);
      if (folds && set[0] !== row) continue;
      if (left <= 0) { folded += folds ? set.length : 1; continue; }
      left -= 1;
      const th = make('th', { scope: 'row' }, text(table.clients[row]));
      if (folds) {
        const more = make('button', { type: 'button', 'aria-expanded': 'false' }, `and ${set.length - 1} alike`);
        more.addEventListener('click', () => { state.open.add(name); draw(); });
        th.append(' ', more);
      }
      const tr = make('tr', {}, th);
      columns.forEach((column) => tr.append(button(table, row * table.clusters.length + column)));
      body.append(tr);
    }
    const caption = make('h3', {}, table.name);
    const whole = make('table', { class: 'matrix' }, make('thead', {}, head), body);
    whole.dataset.table = number;
    const section = make('div', {}, caption, make('div', { class: 'scroll' }, whole));
    if (hidden > 0 || folded > 0) {
      const parts = [folded > 0 ? `${folded} more clients` : '', hidden > 0 ? `${hidden} more clusters` : ''];
      const more = make('button', { type: 'button', class: 'no-print' }, `show ${parts.filter(Boolean).join(' and ')}`);
      more.addEventListener('click', () => { state.rows += 4 * ROWS; state.columns += COLUMNS; draw(); });
      section.append(make('p', {}, more));
    }
    return section;
  };

  // What is behind a cell.
  let origin = null;

  const go = (table, at) => {
    const [from, to] = ends(table, at);
    origin = document.activeElement;
    const target = new URLSearchParams({ from, to, in: table.name });
    if (location.hash === `#${target}`) open(table, at);
    else location.hash = target;
  };

  const hops = (list) => {
    const items = list.map((at) => {
      const [place, what, code] = data.hops[at];
      return make('li', {}, text(what), make('span', { class: 'mono' }, `${text(place)}  ${text(code)}`));
    });
    return make('ol', { class: 'hops' }, ...items);
  };

  const listed = (title, list) => (list.length === 0 ? [] : [
    make('h4', {}, title),
    make('ul', { class: 'told' }, ...list.map((at) => make('li', {}, text(at)))),
  ]);

  const open = (table, at) => {
    const [from, to] = ends(table, at);
    const kind = kindOf(table, at);
    const home = $('detail');
    const close = make('button', { type: 'button', class: 'no-print' }, 'Close');
    close.addEventListener('click', shut);
    const title = make('h3', { id: 'detail-title' }, `${from} asks for ${to}: `, make('span', { class: kind.class }, `${kind.sign} ${kind.told}`));
    home.replaceChildren(make('header', {}, title, close));
    const trace = data.traces[table.traces[at]];
    if (trace) {
      if (trace.picture !== null) home.append($(`P${trace.picture}`).content.cloneNode(true));
      home.append(make('h4', {}, `name: ${text(trace.name)}`), hops(trace.name_hops));
      home.append(make('h4', {}, `connection: ${text(trace.connection)}`), hops(trace.connection_hops));
      home.append(...listed('rests on', trace.assumptions), ...listed('undecided until known', trace.undecided));
      const about = trace.findings.map((id) => {
        const own = $(`f-${id}`);
        return make('li', {}, make('a', { href: `#f=${id}` }, own ? own.querySelector('h3').textContent : id));
      });
      if (about.length > 0) home.append(make('h4', {}, 'findings about this path'), make('ul', { class: 'told' }, ...about));
    }
    if (!trace || trace.picture === null) {
      const ask = trace ? 'Its picture' : 'Its steps and its picture';
      home.append(make('p', { class: 'soft' }, `${ask}: `, make('code', {}, `eksdns-lint ${trace ? 'draw' : 'trace'} --from '${from}' --to '${to}'`)));
    }
    home.hidden = false;
    for (const own of document.querySelectorAll('td button')) {
      const same = Number(own.dataset.cell) === at && data.tables[own.closest('table').dataset.table] === table;
      own.setAttribute('aria-pressed', String(same));
    }
    home.focus({ preventScroll: true });
    home.scrollIntoView({ block: 'nearest' });
  };

  const shut = () => {
    $('detail').hidden = true;
    history.replaceState(null, '', '#paths');
    for (const own of document.querySelectorAll('td button')) own.setAttribute('aria-pressed', 'false');
    if (origin && origin.isConnected) origin.focus();
  };

  // Links into the page: #f=FINGERPRINT, #rule=ID, #from=…&to=…
  const route = () => {
    const target = new URLSearchParams(location.hash.slice(1));
    if (target.has('f')) {
      const one = $(`f-${target.get('f')}`);
      findings.forEach((own) => own.classList.toggle('is-chosen', own === one));
      if (!one) return;
      if (one.hidden) clear();
      one.focus({ preventScroll: true });
      one.scrollIntoView();
    } else if (target.has('rule')) {
      const rule = $(`rule-${target.get('rule')}`);
      if (!rule) return;
      $('rules').open = true;
      rule.open = true;
      rule.querySelector('summary').focus({ preventScroll: true });
      rule.scrollIntoView();
    } else if (target.has('from') && target.has('to')) {
      for (const table of data.tables) {
        if (target.has('in') && target.get('in') !== table.name) continue;
        const row = table.clients.findIndex((at) => text(at) === target.get('from'));
        const column = table.clusters.findIndex((at) => text(at) === target.get('to'));
        if (row < 0 || column < 0) continue;
        open(table, row * table.clusters.length + column);
        return;
      }
    }
  };

  // Keys.
  const step = (key) => {
    const cell = document.activeElement.closest('td');
    const [row, at] = [cell.parentElement, cell.cellIndex];
    const next = {
      ArrowLeft: cell.previousElementSibling, ArrowRight: cell.nextElementSibling,
      ArrowUp: row.previousElementSibling && row.previousElementSibling.cells[at],
      ArrowDown: row.nextElementSibling && row.nextElementSibling.cells[at],
      Home: row.cells[1], End: row.cells[row.cells.length - 1],
    }[key];
    const own = next && next.querySelector('button');
    if (!own || next.tagName !== 'TD') return;
    document.activeElement.tabIndex = -1;
    own.tabIndex = 0;
    own.focus();
  };

  const turn = (by) => {
    const shown = findings.filter((one) => !one.hidden);
    if (shown.length === 0) return;
    const at = shown.findIndex((one) => one.contains(document.activeElement) || one.classList.contains('is-chosen'));
    const next = at < 0 ? (by > 0 ? 0 : shown.length - 1) : Math.min(shown.length - 1, Math.max(0, at + by));
    location.hash = `f=${shown[next].id.slice(2)}`;
  };

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const active = document.activeElement;
    if (event.key === 'Escape') {
      if (!$('detail').hidden) shut();
      else if (active.matches('input[type="search"]')) active.blur();
      return;
    }
    if (active.matches('input, select, textarea')) return;
    const inCell = active.matches('td button');
    if (inCell && /^(Arrow|Home|End)/.test(event.key)) step(event.key);
    else if (event.key === '/') $('text').focus();
    else if (event.key === 'j') turn(1);
    else if (event.key === 'k') turn(-1);
    else return;
    event.preventDefault();
  });

  severities.forEach((box) => box.addEventListener('change', filter));
  for (const id of ['rule', 'cluster']) $(id).addEventListener('change', filter);
  $('text').addEventListener('input', filter);
  $('clear').addEventListener('click', clear);
  $('who').addEventListener('input', draw);
  window.addEventListener('hashchange', route);
  filter();
  draw();
  route();
})();
