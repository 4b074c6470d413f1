// The Windows versions that the simulator plays. Order is age, oldest first.
import { z } from 'zod';
export const profileNames = [
    'winxp',
    'win2003',
    'vista',
    'win7',
    'win2008r2',
    'win81',
    'win10',
    'win11',
];
export const ProfileName = z.enum(profileNames);
