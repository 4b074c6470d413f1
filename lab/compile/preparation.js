// From the sample's files to what the compiler is given: respelled includes, rewritten SEH.
import { posix } from 'node:path';
import { collectMacros } from './seh/macros.ts';
import { SehRefusal } from './seh/refusal.ts';
import { mayUseSeh, rewriteSeh } from './seh/rewriteSeh.ts';
import { tokenize } from './seh/tokens.ts';
import { normalizePath, respellIncludes, toTree, } from './sourceFiles.ts';
export const NOT_SUPPORTED = 'compile.not-supported';
export function prepareSources(sources, headers, wdkNames) {
    const names = [...sources, ...headers].map((file) => normalizePath(file.path));
    const space = { sample: names, wdk: wdkNames };
    const prepare = (file) => {
        const named = { path: normalizePath(file.path), text: file.text };
        return { path: named.path, text: respellIncludes(named, space) };
    };
    const prepared = [...sources, ...headers].map(prepare);
    const outcome = rewriteAll(prepared);
    if (outcome.refused.length > 0)
        return { ok: false, refused: outcome.refused };
    const files = prepared.map(({ path, text }) => ({
        path,
        text: outcome.rewritten.get(path)?.text ?? text,
    }));
    return {
        ok: true,
        sources: {
            units: files.slice(0, sources.length),
            headers: files.slice(sources.length),
            tree: toTree(files.map(({ path, text }) => [path, text])),
            usesSeh: outcome.rewritten.size > 0,
            rewritten: outcome.rewritten,
        },
    };
}
function rewriteAll(files) {
    const outcome = { rewritten: new Map(), refused: [] };
    if (!files.some((file) => mayUseSeh(file.text)))
        return outcome;
    const tokens = new Map(files.map((file) => [file.path, tokenize(file.text)]));
    const macros = collectMacros([...tokens.values()]);
    for (const file of files) {
        rewriteOne(file, tokens.get(file.path) ?? [], macros, outcome);
    }
    return outcome;
}
function rewriteOne({ path, text }, tokens, macros, outcome) {
    try {
        const edited = rewriteSeh(text, tokens, macros);
        if (edited !== undefined)
            outcome.rewritten.set(path, edited);
    }
    catch (error) {
        // The boundary of the rewriter: a refusal is a result for the reader of the source.
        if (!(error instanceof SehRefusal))
            throw error;
        outcome.refused.push({
            file: path,
            line: error.line,
            column: 1,
            severity: 'error',
            message: `the simulator cannot run ${error.message}`,
            flag: NOT_SUPPORTED,
        });
    }
}
/** Folders that `#include "…"` of the sample is looked for in. */
export function includeFolders(sources) {
    const folders = sources.headers.map((file) => posix.dirname(file.path));
    return [...new Set(['.', ...folders])].map((folder) => (folder === '.' ? '' : folder));
}
