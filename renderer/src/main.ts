import '@fontsource-variable/inter/index.css';
import '@fontsource/jetbrains-mono/latin-400.css';
import '@fontsource/jetbrains-mono/latin-600.css';
import './theme.css';
import { mount } from 'svelte';
import Workbench from './Workbench.svelte';
import { connectLab } from './lab.ts';

const target = document.getElementById('workbench');
if (target === null) throw new Error('the page has no #workbench');
mount(Workbench, { target, props: { lab: await connectLab() } });
