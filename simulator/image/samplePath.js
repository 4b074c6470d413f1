/** Joins what the compiler wrote into the sample's own words: no leading "/", no "." or "..". */
export function samplePath(folder, file) {
    const parts = [];
    const whole = file.startsWith('/') ? file : `${folder}/${file}`;
    for (const part of whole.split('/')) {
        if (part === '..')
            parts.pop();
        else if (part !== '' && part !== '.')
            parts.push(part);
    }
    return parts.join('/');
}
