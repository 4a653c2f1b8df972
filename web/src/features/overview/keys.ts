export const overviewKeys = { overview: ['overview'] as const };
