// Files of cases: one JSON object a line. A line that is none is an error that names it, never skipped.
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isLabError, LabError } from '../../contract/errors/labError.ts';
import { CaseRefusal, caseToWorkload, parseCase, } from '../../simulator/conformance/index.ts';
import { assetPath } from '../assets.ts';
import { readJson, readText } from '../samples/readJson.ts';
/** The cases of a file in order. Errors: `conformance.invalid`, `file.unreadable`. */
export async function readCases(file) {
    const text = await readText(file, 'file.unreadable');
    const cases = [];
    text.split('\n').forEach((line, index) => {
        if (line.trim() === '')
            return;
        const where = `${file}: line ${index + 1}`;
        cases.push(parseLine(line, where));
    });
    if (cases.length === 0)
        throw invalid(file, 'there is no case in it');
    return cases;
}
function parseLine(line, where) {
    let document;
    try {
        document = JSON.parse(line);
    }
    catch (error) {
        throw invalid(where, error instanceof Error ? error.message : 'not JSON');
    }
    try {
        return parseCase(document, where);
    }
    catch (error) {
        if (error instanceof CaseRefusal)
            throw invalid(where, error.message);
        throw error;
    }
}
const invalid = (where, why) => new LabError('conformance.invalid', {
    problem: `${where}: ${why}.`,
    remedy: 'Write one case a line as a JSON object, with id, family, os, setup, action and expected.',
});
/** Workloads that were written by hand for cases in words, by case id. */
export async function writtenWorkloads() {
    const folder = assetPath('simulator/conformance/written');
    const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
    const codes = { missing: 'file.unreadable', invalid: 'file.invalid' };
    const documents = await Promise.all(files.map((name) => readJson(join(folder, name), codes)));
    return new Map(files.map((name, index) => [basename(name, '.json'), documents[index]]));
}
/** A case that translates into a workload that the language refuses has failed, and says why. */
export function translate(one, written) {
    try {
        return caseToWorkload(one, written);
    }
    catch (error) {
        if (!isLabError(error))
            throw error;
        return { kind: 'failed', reason: error.problem };
    }
}
