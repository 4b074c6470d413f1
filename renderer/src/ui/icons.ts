// One set of icons: lines on a grid of 16, drawn for this workbench.
export const icons = {
  samples: 'M2.5 3.5h4l1.5 2h5.5v7h-11z M5 8.5h6 M5 10.5h4',
  targets: 'M2.5 3h11v7h-11z M6 13h4 M8 10v3 M4.5 5.5h2',
  runs: 'M8 2.5a5.5 5.5 0 1 1-5 3.2 M3 2.5v3.2h3.2 M8 5v3.2l2.2 1.3',
  settings:
    'M2.5 4.5h6 M11.5 4.5h2 M10 3v3 M2.5 8h2 M7.5 8h6 M6 6.5v3 M2.5 11.5h6 M11.5 11.5h2 M10 10v3',
  source: 'M6 4.5L2.5 8L6 11.5 M10 4.5L13.5 8L10 11.5',
  results: 'M2.5 3.5h11v9h-11z M2.5 6.5h11 M6.5 6.5v6',
  panel: 'M2.5 3h11v10h-11z M2.5 9.5h11',
  run: 'M5 3.2v9.6l7.5-4.8z',
  cancel: 'M4 4h8v8h-8z',
  close: 'M4 4l8 8 M12 4l-8 8',
  split: 'M2.5 3h11v10h-11z M8 3v10',
  up: 'M4 10l4-4 4 4',
  down: 'M4 6l4 4 4-4',
  warning: 'M8 2.5l6 10.5h-12z M8 6.5v3 M8 11.2v.1',
  search: 'M7 2.8a4.2 4.2 0 1 1 0 8.4a4.2 4.2 0 1 1 0-8.4 M10.2 10.2l3.3 3.3',
} as const;
export type IconName = keyof typeof icons;
