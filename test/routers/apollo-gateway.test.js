import { serveApollo } from '../../examples/supergraph/apollo.js';
import { describeSubgraph } from './behaves-as-subgraph.js';

describeSubgraph('Apollo Gateway', serveApollo);
