// How a host draws: fonts, spaces and colours of a palette, in the form the renderer wants.
const FONT = "'Segoe UI','Noto Sans',sans-serif";
const MONO = "'Cascadia Code','DejaVu Sans Mono',Consolas,monospace";
const SIZES = { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 };
const WEIGHTS = { lighter: 300, default: 400, bolder: 600 };
const STYLES = ["default", "emphasis", "accent", "good", "attention", "warning"];

function hostConfig(palette) {
  const both = (color) => ({ default: color, subtle: color });
  const foregroundColors = {
    default: { default: palette.text, subtle: palette.subtle },
    dark: both(palette.text), light: both(palette.text), accent: both(palette.accent),
    good: both(palette.good), warning: both(palette.warning), attention: both(palette.attention),
  };
  const style = (name) => ({
    backgroundColor: palette.bands[name], foregroundColors, borderColor: palette.line,
  });
  const font = (fontFamily) => ({ fontFamily, fontSizes: SIZES, fontWeights: WEIGHTS });
  return {
    supportsInteractivity: true,
    fontFamily: FONT,
    spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 4, padding: 16 },
    separator: { lineThickness: 1, lineColor: palette.line },
    fontTypes: { default: font(FONT), monospace: font(MONO) },
    textStyles: { heading: { size: "large", weight: "bolder", color: "default", isSubtle: false } },
    containerStyles: Object.fromEntries(STYLES.map((name) => [name, style(name)])),
    actions: {
      maxActions: 6, spacing: "default", buttonSpacing: 8, actionsOrientation: "horizontal",
      actionAlignment: "left", showCard: { actionMode: "inline", inlineTopMargin: 16, style: "emphasis" },
    },
    factSet: {
      title: { weight: "bolder", wrap: true, maxWidth: 150 }, value: { wrap: true }, spacing: 16,
    },
    inputs: {
      label: {
        inputSpacing: "small",
        requiredInputs: { color: "default", weight: "bolder", size: "default", suffix: " *", suffixColor: "attention" },
        optionalInputs: { color: "default", weight: "bolder", size: "default" },
      },
      errorMessage: { color: "attention", weight: "bolder", size: "small", spacing: "small" },
    },
  };
}
