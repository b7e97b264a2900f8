/// The components of a path by its letters alone, whatever is there: without `.` and doubled slashes, and `..` takes
/// the one before it away.
///
/// By bytes: a slash and the accent that follows it are one `Character`.
package struct PathComponents<Path: Collection> where Path.Element == UInt8 {
    package private(set) var names: [Path.SubSequence] = []
    /// Whether there was a `..`, which leads elsewhere where a link is before it.
    package private(set) var hasParent = false
    /// Whether a `..` had nothing to take away.
    package private(set) var leavesRoot = false

    package init(_ path: Path) {
        for name in path.split(separator: UInt8(ascii: "/")) where !name.elementsEqual(".".utf8) {
            guard name.elementsEqual("..".utf8) else {
                names.append(name)
                continue
            }
            hasParent = true
            if names.popLast() == nil { leavesRoot = true }
        }
    }
}

extension PathComponents where Path == String.UTF8View {
    /// A path from the root, without the slash that begins it.
    package var path: String { names.map { String(Substring($0)) }.joined(separator: "/") }
}
