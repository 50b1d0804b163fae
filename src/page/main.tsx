import { render } from 'preact';
import { Browser } from './browser.tsx';

const root = document.getElementById('root');
if (root === null) throw new TypeError('The page has no root.');
render(<Browser />, root);
