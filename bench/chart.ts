import type { Result } from './result.ts';

const BAR = { height: 16, gap: 4, left: 250, width: 460 } as const;
const COLOURS = { gateway: '#2563eb', other: '#94a3b8' } as const;

/** Draws CPU per request, a group of bars a task: as SVG that is legible on light and dark pages. */
export function drawChart(results: readonly Result[], tasks: readonly string[]): string {
  const parts: string[] = [];
  let y = 30;
  for (const task of tasks) {
    const group = results.filter((result) => result.task === task);
    if (group.length === 0) continue;
    const most = Math.max(...group.map(({ quietCpuMicros }) => quietCpuMicros));
    parts.push(text(0, y, task, 'bold'));
    y += 10;
    for (const { peer, quietCpuMicros } of [...group].sort((a, b) => a.quietCpuMicros - b.quietCpuMicros)) {
      const length = Math.max(1, (quietCpuMicros / most) * BAR.width);
      const colour = peer.startsWith('gateway') ? COLOURS.gateway : COLOURS.other;
      parts.push(
        `<rect x="${BAR.left}" y="${y}" width="${length.toFixed(1)}" height="${BAR.height}" fill="${colour}"/>`,
        text(BAR.left - 8, y + 12, peer, 'normal', 'end'),
        text(BAR.left + length + 6, y + 12, `${quietCpuMicros.toFixed(0)} µs`),
      );
      y += BAR.height + BAR.gap;
    }
    y += 26;
  }
  const width = BAR.left + BAR.width + 90;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" font-family="system-ui, sans-serif" font-size="13">
<title>CPU per request in µs, by task: the gateway beside its peers</title>
<rect width="${width}" height="${y}" fill="#ffffff"/>
${parts.join('\n')}
</svg>
`;
}

function text(x: number, y: number, content: string, weight = 'normal', anchor = 'start'): string {
  return `<text x="${x.toFixed(1)}" y="${y}" fill="#0f172a" font-weight="${weight}" text-anchor="${anchor}">${content}</text>`;
}
