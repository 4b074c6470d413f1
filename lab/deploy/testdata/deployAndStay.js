// A lab that a test kills: deploys and starts a driver on a target, holds the target, says so, stays.
// `node deployAndStay.ts DATA_FOLDER TARGET IMAGE`
import { connectTarget, holdTarget } from '../../targets/index.ts';
import { lockTarget } from '../../targets/locks.ts';
import { deployDriver, startDriver } from '../index.ts';
const [dataFolder = '', name = '', image = ''] = process.argv.slice(2);
await holdTarget(dataFolder, name, {});
const target = await connectTarget(name, { dataFolder });
const instances = [{ name: 'tiny Instance', altitude: '370030', flags: 0 }];
const loadOrderGroup = 'FSFilter Activity Monitor';
await deployDriver(target, { name: 'tiny', image, loadOrderGroup, instances });
await startDriver(target, 'tiny');
await lockTarget(dataFolder, name, {});
process.stdout.write('loaded\n');
await target.exec('ping -n 600 127.0.0.1 >nul');
