import { serveHive } from '../../../examples/supergraph/hive/hive.js';
import { describeSubgraph } from '../behaves-as-subgraph.js';

describeSubgraph('Hive Gateway', serveHive);
describeSubgraph("Hive Gateway with Hive Router's planner", (sdl) => serveHive(sdl, { planner: 'router' }));
