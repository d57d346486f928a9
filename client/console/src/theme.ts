import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** The one accent: a deep teal, from its lightest to its darkest. White on shade 7 is 5.9 : 1, shade 3 on dark 9 : 1. */
const teal: MantineColorsTuple = [
  '#eef7f6',
  '#d8ebe9',
  '#afd7d3',
  '#83c2bc',
  '#55aaa2',
  '#2f9188',
  '#1f7d75',
  '#146a63',
  '#0e554f',
  '#083f3b',
];

/** Mantine as the console wears it: calm, dense, one accent. */
export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 7, dark: 6 },
  colors: { teal },
  autoContrast: true,
  defaultRadius: 'md',
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono CJK SC", monospace',
  headings: {
    fontWeight: '620',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.3' },
      h2: { fontSize: '1.125rem', lineHeight: '1.35' },
      h3: { fontSize: '1rem', lineHeight: '1.4' },
    },
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Alert: { defaultProps: { variant: 'light' } },
    // The placeholder is no menu item, and a menu may hold nothing else (WAI-ARIA 1.2, 5.2.6); the first item takes the focus.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Modal: { defaultProps: { centered: true, radius: 'md' } },
    Tooltip: { defaultProps: { openDelay: 300, events: { hover: true, focus: true, touch: false } } },
  },
});

/** Where Mantine's own greys and reds stay below 4.5 : 1 (WCAG 2.2, 1.4.3), ours. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#fbfcfc',
    '--mantine-color-dimmed': '#55606b',
    '--mantine-color-placeholder': '#66717d',
    '--mantine-color-error': '#b42323',
    '--mantine-color-anchor': '#0f615a',
    '--cardea-surface': '#ffffff',
    '--cardea-line': '#dfe4e6',
    '--cardea-good': '#17663f',
    '--cardea-good-soft': '#e2f3e9',
    '--cardea-warn': '#7a4a00',
    '--cardea-warn-soft': '#fcf0d6',
    '--cardea-bad': '#a61e1e',
    '--cardea-bad-soft': '#fce6e6',
    '--cardea-info': '#1b5080',
    '--cardea-info-soft': '#e3eef8',
    '--cardea-quiet': '#4b5661',
    '--cardea-quiet-soft': '#eceff1',
  },
  dark: {
    '--mantine-color-body': '#14181b',
    '--mantine-color-dimmed': '#a3aeb8',
    '--mantine-color-placeholder': '#95a0aa',
    '--mantine-color-error': '#ff9a9a',
    '--mantine-color-anchor': '#83c2bc',
    '--cardea-surface': '#1b2024',
    '--cardea-line': '#333b41',
    '--cardea-good': '#8bdcae',
    '--cardea-good-soft': '#173526',
    '--cardea-warn': '#f2c46d',
    '--cardea-warn-soft': '#3a2d12',
    '--cardea-bad': '#ffa8a8',
    '--cardea-bad-soft': '#451f20',
    '--cardea-info': '#9cc8f0',
    '--cardea-info-soft': '#1b3145',
    '--cardea-quiet': '#b6c0c9',
    '--cardea-quiet-soft': '#2a3136',
  },
});
