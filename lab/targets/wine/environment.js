// The environment of everything that runs in a target's prefix: fixed, and nothing of the desktop's,
// so that a run does not depend on who started the lab and where.
import { userInfo } from 'node:os';
/** What Wine takes for the user: the name of the folder below C:\users. */
export const wineUser = () => userInfo().username;
export function wineEnvironment(layout) {
    return {
        PATH: '/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin:/opt/homebrew/bin',
        HOME: layout.home,
        USER: wineUser(),
        LOGNAME: wineUser(),
        LANG: 'C.UTF-8',
        WINEPREFIX: layout.prefix,
        WINEARCH: 'win64',
        // Silent but for sc.exe, which tells the number of a failure to this channel and nowhere else.
        WINEDEBUG: '-all,err+sc',
        // No dialogs that offer to download .NET or a browser, no entries in the desktop's menus.
        WINEDLLOVERRIDES: 'mscoree=d;mshtml=d;winemenubuilder.exe=d',
    };
}
