import {
  Button,
  Checkbox,
  createTheme,
  Input,
  InputWrapper,
  defaultVariantColorsResolver,
  Modal,
  Tooltip,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';

const gray: MantineColorsTuple = [
  '#f8f9fa',
  '#f3f4f6',
  '#eaecef',
  '#dfe2e6',
  '#d3d7dc',
  '#a4abb4',
  '#5f6771',
  '#4f5761',
  '#343b43',
  '#171a1e',
];
const dark: MantineColorsTuple = [
  '#e8eaed',
  '#c9ced4',
  '#a9b0b9',
  '#8f97a1',
  '#363c44',
  '#2a2f35',
  '#181b1f',
  '#111315',
  '#0c0d0f',
  '#08090a',
];

/** Filled buttons are ink on paper (or paper on ink): colour is kept for states. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const resolved = defaultVariantColorsResolver(input);
  if (input.variant === 'filled' && (input.color === undefined || input.color === 'gray')) {
    return {
      ...resolved,
      background: 'var(--d-primary)',
      hover: 'var(--d-primary-hover)',
      color: 'var(--d-on-primary)',
      border: '1px solid transparent',
    };
  }
  if (input.variant === 'filled' && input.color === 'red') {
    return { ...resolved, background: 'var(--d-critical-fill)', hover: '#b12720', color: '#ffffff' };
  }
  if (input.variant === 'subtle' && (input.color === undefined || input.color === 'gray')) {
    return { ...resolved, hover: 'var(--d-hover)', color: 'var(--d-text-2)' };
  }
  return resolved;
};

export const theme = createTheme({
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  fontFamilyMonospace: 'var(--d-mono)',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.4' },
  headings: { fontWeight: '600' },
  primaryColor: 'gray',
  primaryShade: { light: 9, dark: 0 },
  defaultRadius: 'sm',
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '10px', xl: '14px' },
  colors: { gray, dark },
  cursorType: 'pointer',
  focusRing: 'auto',
  variantColorResolver,
  components: {
    Button: Button.extend({
      defaultProps: { size: 'sm' },
      vars: (_theme, props) =>
        props.size === 'sm' || props.size === undefined
          ? { root: { '--button-height': '32px', '--button-fz': '13px', '--button-padding-x': '12px' } }
          : { root: {} },
      styles: { label: { fontWeight: 500 } },
    }),
    Checkbox: Checkbox.extend({ defaultProps: { radius: 4 } }),
    InputWrapper: InputWrapper.extend({ styles: { description: { fontSize: '12px' } } }),
    Input: Input.extend({ vars: () => ({ wrapper: { '--input-height': '32px', '--input-fz': '13px' } }) }),
    Modal: Modal.extend({
      defaultProps: {
        centered: false,
        radius: 'md',
        overlayProps: { backgroundOpacity: 0.35 },
        transitionProps: { duration: 120, transition: 'fade' },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 250, withArrow: false, radius: 'sm' } }),
  },
});

export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--d-bg)',
    '--mantine-color-text': 'var(--d-text)',
    '--mantine-color-dimmed': 'var(--d-text-2)',
    '--mantine-color-placeholder': 'var(--d-text-3)',
    '--mantine-color-error': 'var(--d-critical)',
    '--mantine-color-default': 'var(--d-raised)',
    '--mantine-color-default-hover': 'var(--d-hover)',
    '--mantine-color-default-border': 'var(--d-line-strong)',
    '--mantine-color-anchor': 'var(--d-text)',
    '--mantine-primary-color-filled': 'var(--d-primary)',
    '--mantine-primary-color-filled-hover': 'var(--d-primary-hover)',
    '--mantine-primary-color-contrast': 'var(--d-on-primary)',
  };
  return { variables: {}, light: shared, dark: shared };
};
