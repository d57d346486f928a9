/**
 * How every chart behaves: nothing moves (so nothing has to be stopped for whoever asked for less motion), and it takes no
 * focus, for it is an image with a name whose figures stand in the table below it.
 */
export const STILL = {
  bar: {
    barProps: { isAnimationActive: false, radius: [3, 3, 0, 0] as [number, number, number, number] },
    barChartProps: { accessibilityLayer: false },
    tooltipAnimationDuration: 0,
    // Bars count whole things.
    yAxisProps: { allowDecimals: false },
    maxBarWidth: 28,
    gridAxis: 'x',
    tickLine: 'none',
  },
  line: {
    lineProps: { isAnimationActive: false },
    lineChartProps: { accessibilityLayer: false },
    tooltipAnimationDuration: 0,
    gridAxis: 'x',
    tickLine: 'none',
    curveType: 'linear',
    connectNulls: false,
  },
} as const;
