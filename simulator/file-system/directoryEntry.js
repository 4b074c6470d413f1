/**
 * The full name from the root, with a leading backslash; "" is the root itself. A file whose last
 * name was removed while handles stay open is to be found where NTFS keeps it (R-IO-4; the name it has
 * there is grade U).
 */
export function fullName(entry) {
    if (entry.removed)
        return deletedName(entry.file);
    let name = '';
    let at = entry;
    while (at.parent !== null) {
        name = `\\${at.name}${name}`;
        const [above] = at.parent.links;
        if (above === undefined)
            return `${deletedName(at.parent)}${name}`;
        at = above;
    }
    return name;
}
/** The name of a file, by the entry it was opened by or, failing that, by its first one. */
export const fileName = (file, entry) => {
    const named = entry ?? file.links[0];
    return named === undefined ? deletedName(file) : fullName(named);
};
/** What a file is called that lives on without a name of its own. */
export const deletedLinkName = ({ id }) => id.toString(16).padStart(16, '0');
const deletedName = (file) => `\\$Extend\\$Deleted\\${deletedLinkName(file)}`;
