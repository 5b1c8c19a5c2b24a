// Our own drawings of what Teams knows and the open renderer does not: like Teams, not Teams.
const AC = AdaptiveCards;
let palette = {};

const make = (tag, css, text) => {
  const node = document.createElement(tag);
  if (css) node.style.cssText = css;
  if (text !== undefined) node.textContent = text;
  return node;
};

class StandIn extends AC.CardElement {
  internalParse(source, context) { super.internalParse(source, context); this.source = source; }
  getJsonTypeName() { return this.source ? this.source.type : "StandIn"; }
  internalRender() { return this.draw(this.source); }
}

const TONES = { Attention: "attention", Good: "good", Warning: "warning", Accent: "accent" };

class Badge extends StandIn {
  draw(one) {
    const tone = palette[TONES[one.style]] || palette.subtle;
    const frame = make("div", "display:flex;justify-content:flex-end");
    frame.append(make("span",
      `color:${tone};border:1px solid ${tone};background:${palette.bands.default};border-radius:12px;` +
      "padding:2px 8px;font-size:12px;font-weight:600;white-space:nowrap", one.text));
    return frame;
  }
}

const SHAPES = {
  Dismiss: "M8 8l8 8M16 8l-8 8", Checkmark: "M7.5 12.5l3 3 6-6.5", ArrowSync: "M9.5 7.5l6 4.5-6 4.5z",
  Record: "M9 9h6v6h-6z", Subtract: "M7.5 12h9", Question: "M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3q-1 .5-1 1.7M12 16.5v.3",
  Info: "M12 11v6M12 7.5v.3", Lock: "M8 11h8v6h-8zM9.5 11v-2a2.5 2.5 0 0 1 5 0v2", Person: "M12 6.5v5.5l3.5 2",
  Clock: "M12 6.5v5.5l3.5 2", Warning: "M12 9v5M12 16.7v.3",
};

class Icon extends StandIn {
  draw(one) {
    const color = palette[TONES[one.color]] || palette.text;
    const key = Object.keys(SHAPES).find((name) => one.name.startsWith(name)) || "Info";
    const base = key === "Warning"
      ? `<path d="M12 2.5L22.5 21h-21z" fill="${color}"/>` : `<circle cx="12" cy="12" r="10" fill="${color}"/>`;
    const holder = make("div", "width:24px;height:24px");
    holder.innerHTML = `<svg width="24" height="24" viewBox="0 0 24 24">${base}<path d="${SHAPES[key]}" ` +
      `fill="none" stroke="${palette.bands.default}" stroke-width="2" stroke-linecap="round"/></svg>`;
    return holder;
  }
}

class CodeBlock extends StandIn {
  draw(one) {
    return make("div",
      `background:${palette.code};border:1px solid ${palette.line};border-radius:4px;color:${palette.text};` +
      "font:12px/16px 'Cascadia Code','DejaVu Sans Mono',monospace;padding:8px 10px;" +
      "white-space:pre-wrap;overflow-wrap:anywhere", one.codeSnippet);
  }
}

const colorOf = (name, place) =>
  palette.chart[name] || [palette.accent, palette.attention, palette.good][place % 3];

function legend(holder, entries) {
  const line = make("div", `display:flex;flex-wrap:wrap;gap:4px 14px;font-size:12px;color:${palette.subtle};margin-top:4px`);
  for (const [name, color] of entries) {
    const entry = make("span");
    entry.append(make("i", `display:inline-block;width:10px;height:10px;border-radius:2px;background:${color};margin-right:5px`), name);
    line.append(entry);
  }
  holder.append(line);
}

class StackedRow extends StandIn {
  draw(one) {
    const holder = make("div", "width:100%");
    for (const row of one.data) {
      const total = row.data.reduce((sum, part) => sum + part.value, 0) || 1;
      const bar = make("div", "display:flex;gap:2px;height:14px");
      row.data.forEach((part, place) => bar.append(make("div",
        `width:${(100 * part.value) / total}%;min-width:3px;border-radius:2px;background:${colorOf(part.color, place)}`)));
      holder.append(bar);
      legend(holder, row.data.map((part, place) => [`${part.legend} ${part.value}`, colorOf(part.color, place)]));
    }
    return holder;
  }
}

const WIDE = 520, HIGH = 170, LEFT = 34, FOOT = 24;

function plot(one, series, [top, every], mark) {
  const labels = series[0].values.map((value) => value.x);
  const step = (WIDE - LEFT) / labels.length, room = HIGH - FOOT - 8;
  let lines = "";
  for (let value = 0; value <= top; value += every) {
    const y = HIGH - FOOT - (room * value) / top;
    lines += `<line x1="${LEFT}" x2="${WIDE}" y1="${y}" y2="${y}" stroke="${palette.line}" stroke-dasharray="${value ? 3 : 0}"/>` +
      `<text x="${LEFT - 6}" y="${y + 4}" text-anchor="end" fill="${palette.subtle}">${value}</text>`;
  }
  labels.forEach((label, place) => {
    if (place % Math.ceil(labels.length / 6) === 0)
      lines += `<text x="${LEFT + step * (place + 0.5)}" y="${HIGH - 6}" text-anchor="middle" fill="${palette.subtle}">${label}</text>`;
  });
  const holder = make("div", "width:100%");
  holder.innerHTML = `<svg viewBox="0 0 ${WIDE} ${HIGH}" width="100%" style="display:block;font:11px 'Noto Sans'">${lines}${mark(step, room, labels)}</svg>`;
  legend(holder, series.map((each, place) => [each.legend, colorOf(each.color, place)]));
  return holder;
}

// As Teams does it: four steps up to the card's own top, and one bar for each different label.
const STEPS = 4;

class GroupedBars extends StandIn {
  draw(one) {
    const top = one.yMax;
    const series = one.data.map((each) => ({ ...each, values: byLabel(each.values) }));
    return plot(one, series, [top, top / STEPS], (step, room, labels) => labels.map((_, place) => {
      let y = HIGH - FOOT;
      return series.map((each, nth) => {
        const height = (room * each.values[place].y) / top;
        y -= height;
        return `<rect x="${LEFT + step * place + step * 0.2}" width="${step * 0.6}" y="${y}" height="${height}" fill="${colorOf(each.color, nth)}" rx="1"/>`;
      }).join("");
    }).join(""));
  }
}

const byLabel = (values) => [...new Map(values.map((value) => [value.x, value])).values()];

const STAND_INS = {
  Badge, Icon, CodeBlock, "Chart.HorizontalBar.Stacked": StackedRow,
  "Chart.VerticalBar.Grouped": GroupedBars,
};
