import '@fontsource-variable/inter/index.css';
import '@fontsource/jetbrains-mono/latin-400.css';
import '@fontsource/jetbrains-mono/latin-600.css';
import './theme.css';
import { mount } from 'svelte';
import { App } from './app.svelte.ts';
import { connectLab } from './lab.ts';
import Workbench from './Workbench.svelte';

const target = document.getElementById('workbench');
if (target === null) throw new Error('the page has no #workbench');
mount(Workbench, { target, props: { app: await App.create(await connectLab()) } });
