// The workload that a driver of the user's own begins with: small, and every common callback once.
const SYNCHRONOUS = 'NON_DIRECTORY_FILE|SYNCHRONOUS_IO_NONALERT';
export const firstWorkload = {
    workload: 1,
    name: 'first',
    title: 'A file is made, written, read back and closed',
    setup: [{ mkdir: 'w' }],
    actors: { main: { process: 'editor' } },
    steps: [
        {
            do: 'create',
            path: 'w\\first.txt',
            access: 'GENERIC_READ|GENERIC_WRITE|SYNCHRONIZE',
            disposition: 'CREATE',
            options: SYNCHRONOUS,
            as: 'file',
        },
        { do: 'write', handle: 'file', offset: 0, data: { text: 'hello' } },
        { do: 'read', handle: 'file', offset: 0, length: 5 },
        { do: 'close', handle: 'file' },
    ],
};
