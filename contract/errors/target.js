export const targetErrors = {
    'target.not-found': { whose: 'usage', meaning: 'No target of that name has been added.' },
    'target.exists': { whose: 'usage', meaning: 'A target of that name exists already.' },
    'target.wine-missing': { whose: 'your lab', meaning: 'Wine is not installed on this machine.' },
    'target.sshd-missing': {
        whose: 'your lab',
        meaning: 'No OpenSSH server program is installed on this machine.',
    },
    'target.prepare-failed': {
        whose: 'your lab',
        meaning: 'A step of preparing the target failed; the target is left as it was.',
    },
    'target.provision-failed': {
        whose: 'your lab',
        meaning: 'An item of the provisioning checklist could not be set on the machine.',
    },
    'target.not-a-machine': {
        whose: 'usage',
        meaning: 'The target is a recording: nothing can be run or installed there.',
    },
    'target.not-prepared': {
        whose: 'your lab',
        meaning: 'The folder of the target is incomplete or damaged; prepare it again.',
    },
    'ssh.refused': { whose: 'your lab', meaning: 'Nothing answers at the address of the target.' },
    'ssh.host-key-unknown': {
        whose: 'your lab',
        meaning: 'The host key of the machine has not been trusted yet, and nobody said yes to it.',
    },
    'ssh.host-key-changed': {
        whose: 'your lab',
        meaning: 'The machine that answers has another host key than the one seen first.',
    },
    'ssh.authentication-failed': {
        whose: 'your lab',
        meaning: 'The target does not accept the key of the lab.',
    },
    'ssh.passphrase-needed': {
        whose: 'your lab',
        meaning: 'The private key is encrypted and no passphrase was given.',
    },
    'ssh.agent-missing': {
        whose: 'your lab',
        meaning: 'The target uses the keys of an SSH agent, and none runs here.',
    },
    'ssh.connection-lost': {
        whose: 'your lab',
        meaning: 'The connection to the target was cut while something was under way.',
    },
    'ssh.file-failed': {
        whose: 'your lab',
        meaning: 'A file or folder of the target could not be read, made, renamed or removed.',
    },
    'deploy.copy-failed': { whose: 'your lab', meaning: 'A file could not be copied to the target.' },
    'deploy.preflight-failed': {
        whose: 'your driver',
        meaning: 'The .sys cannot work on this target: an import it lacks, or a wrong machine type.',
    },
    'deploy.not-elevated': {
        whose: 'your lab',
        meaning: 'The account of the SSH session may not load drivers.',
    },
    'deploy.signature-refused': {
        whose: 'your lab',
        meaning: 'The machine, as it is set up, takes no driver with this signature.',
    },
    'deploy.altitude-taken': {
        whose: 'your driver',
        meaning: 'Another filter on the machine is at the altitude that the driver asks for.',
    },
    'deploy.disk-full': {
        whose: 'your lab',
        meaning: 'The disk of the machine has too little room for a run.',
    },
    'deploy.not-attached': {
        whose: 'your driver',
        meaning: 'The filter was loaded, but no instance of it is attached to any volume.',
    },
    'deploy.service-exists': {
        whose: 'your lab',
        meaning: 'A service of that name exists on the target and was not made by the lab.',
    },
    'deploy.service-failed': {
        whose: 'your lab',
        meaning: 'The service manager of the target refused to create, start or stop the service.',
    },
    'deploy.load-failed': {
        whose: 'your driver',
        meaning: 'The target did not load the driver: DriverEntry failed, or the image was refused.',
    },
    'agent.start-failed': { whose: 'your lab', meaning: 'The agent did not start on the target.' },
    'agent.refused': {
        whose: 'your lab',
        meaning: 'The agent answered, but refused the token or the version of its protocol.',
    },
    'agent.protocol': {
        whose: 'our bug',
        meaning: 'The agent said something that is not in the protocol.',
    },
    'agent.step-failed': {
        whose: 'our bug',
        meaning: 'The agent could not carry out a step for a reason other than its status.',
    },
};
