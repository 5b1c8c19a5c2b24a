// draw(card, theme, host, width) puts one picture on the page and tells what went wrong.
const markdown = markdownit({ linkify: true });
AC.AdaptiveCard.onProcessMarkdown = (text, result) => {
  const said = window.mentions ? text.replace(/<at>(.*?)<\/at>/g, "**@$1**") : text;
  result.outputHtml = markdown.render(said).replaceAll("<p>", '<p style="margin:0">');
  result.didProcess = true;
};

const registry = new AC.CardObjectRegistry();
AC.GlobalRegistry.populateWithDefaultElements(registry);
for (const [name, standIn] of Object.entries(STAND_INS)) registry.register(name, standIn);

const WIDTHS = ["verynarrow", "narrow", "standard", "wide"];
const classOf = (width) => (width <= 216 ? 0 : width <= 413 ? 1 : width <= 500 ? 2 : 3);

function shownAt(node, width) {
  const found = /^(?:(atLeast|atMost):)?(\w+)$/i.exec((node && node.targetWidth) || "");
  if (!found) return true;
  const want = WIDTHS.indexOf(found[2].toLowerCase()), have = classOf(width);
  if (!found[1]) return have === want;
  return found[1].toLowerCase() === "atleast" ? have >= want : have <= want;
}

// What Teams does by itself and the open renderer does not: targetWidth and ExtraSmall spacing.
function asTeams(node, width) {
  if (Array.isArray(node)) return node.filter((one) => shownAt(one, width)).map((one) => asTeams(one, width));
  if (!node || typeof node !== "object") return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, asTeams(value, width)]));
  if (copy.spacing === "ExtraSmall") copy.spacing = "ExtraLarge";
  return copy;
}

window.draw = (content, theme, host, width, palettes) => {
  palette = palettes[theme];
  window.mentions = host === "teams";
  const card = new AC.AdaptiveCard();
  card.hostConfig = new AC.HostConfig(hostConfig(palette));
  const context = new AC.SerializationContext();
  if (host === "teams") context.setElementRegistry(registry);
  card.parse(host === "teams" ? asTeams(content, width) : content, context);
  const frame = document.createElement("section");
  frame.className = "frame";
  for (const name of ["page", "text", "line", "brand", "onBrand", "danger", "accent"])
    frame.style.setProperty(`--${name}`, palette[name]);
  frame.style.setProperty("--card", palette.bands.default);
  frame.style.setProperty("--width", `${width}px`);
  const holder = document.createElement("div");
  holder.className = "card";
  holder.append(card.render());
  frame.append(holder);
  document.body.append(frame);
  return faults(context, holder, width);
};

function faults(context, holder, width) {
  const found = [];
  for (let place = 0; place < context.eventCount; place++) {
    const { message } = context.getEventAt(place);
    if (!/Fallback will be used|"ExtraSmall"/.test(message)) found.push(message);
  }
  const edge = holder.getBoundingClientRect().right;
  for (const node of holder.querySelectorAll("*"))
    if (node.getBoundingClientRect().right > edge + 1 && node.children.length === 0)
      found.push(`runs out of the card: ${node.textContent.slice(0, 40)}`);
  return [...new Set([...found, ...pale(holder), ...live(holder)])];
}

// Nothing foreign may load or lead anywhere; a guessed link must go where its own text says.
function live(holder) {
  const found = [...holder.querySelectorAll("img, iframe, script, h1, h2, h3, blockquote, li, table.md")]
    .map((node) => `markup made by text: ${node.outerHTML.slice(0, 60)}`);
  for (const node of holder.querySelectorAll("a")) {
    const target = node.href.replace(/^(https?:\/\/|mailto:)/, "").replace(/\/$/, "");
    if (target !== node.textContent.replace(/^https?:\/\//, ""))
      found.push(`link ${node.textContent} leads to ${node.href}`);
  }
  return found;
}

function pale(holder) {
  const found = [];
  const walker = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim(), node = walker.currentNode.parentElement;
    if (text.length < 2 || !node.offsetParent || /^[█▁-▇·]+$/.test(text)) continue;
    const ratio = contrast(rgb(getComputedStyle(node).color), behind(node));
    if (ratio < 4.5) found.push(`contrast ${ratio.toFixed(1)}: ${text.slice(0, 40)}`);
  }
  return found;
}

const rgb = (text) => (text.match(/[\d.]+/g) || []).map(Number);
function behind(node) {
  for (let at = node; at; at = at.parentElement) {
    const color = rgb(getComputedStyle(at).backgroundColor);
    if (color.length === 3 || color[3] > 0) return color;
  }
  return [255, 255, 255];
}
const light = (color) => {
  const [r, g, b] = color.slice(0, 3).map((part) => part / 255).map((part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one, other) => {
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};
