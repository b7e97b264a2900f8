import ContentAddress

/// A slow and plain model of the two readings: each layer's entries go into one tree, links followed, and into a tree
/// of their own, which is then stacked upon those before; whole trees are compared after each layer.
struct PlainModel {
    final class Inode {
        let kind: Item.Kind
        let content: String
        var mode: Int
        var attributes: [String: String]

        init(_ kind: Item.Kind, _ content: String = "", mode: Int = 0o755, attributes: [String: String] = [:]) {
            self.kind = kind
            self.content = content
            self.mode = mode
            self.attributes = attributes
        }

        var seen: String { "\(kind) \(content) \(mode) \(attributes.sorted { $0.key < $1.key })" }
    }

    final class Node {
        var inode: Inode
        var layer: Int
        var named: Int?
        var isOpaque = false
        var isWhiteout = false
        var children: [String: Node] = [:]

        init(_ inode: Inode, _ layer: Int) {
            self.inode = inode
            self.layer = layer
        }

        var isDirectory: Bool { inode.kind == .directory && !isWhiteout }
    }

    struct Refused: Error {}

    /// What is at each path for engines with one directory.
    private(set) var flat: [String: String] = [:]
    /// Why the image has no single reading; empty when it has.
    private(set) var notes: [String] = []

    init(_ layers: [[Item]]) {
        let one = Node(Inode(.directory), -1)
        var stacked = Node(Inode(.directory), -1)
        for (number, layer) in layers.enumerated() {
            for item in layer { add(item, to: one, number, isFlat: true) }
            let own = Node(Inode(.directory), -1)
            for item in layer { add(item, to: own, number, isFlat: false) }
            stacked = Self.stack(stacked, own, isRoot: true)
            flat = Self.list(one)
            let other = Self.list(stacked)
            for path in Set(flat.keys).union(other.keys) where flat[path] != other[path] {
                notes.append("\(path): flat \(flat[path] ?? "nothing"), stacked \(other[path] ?? "nothing")")
            }
            // Once they differ, later layers don't bring them together.
            if !notes.isEmpty { return }
        }
    }

    private static func names(_ path: String) -> (names: [String], leadsOut: Bool) {
        var names: [String] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." {
                guard names.popLast() != nil else { return (names, true) }
            } else {
                names.append(String(part))
            }
        }
        return (names, false)
    }

    private mutating func note(_ words: String, _ item: Item, _ layer: Int) {
        notes.append("layer \(layer): \(item.path): \(words)")
    }

    private mutating func add(_ item: Item, to root: Node, _ layer: Int, isFlat: Bool) {
        let (names, leadsOut) = Self.names(item.path)
        guard !leadsOut else { return note("leads out", item, layer) }
        let odd = ["trusted.", "user.overlay.", "user.fuseoverlayfs.", "user.containers.", "system.posix_acl_"]
        for (key, value) in item.attributes where value.isEmpty || odd.contains(where: { key.hasPrefix($0) }) {
            note("has \(key)", item, layer)
        }
        guard let last = names.last else {
            if item.kind != .directory { note("is the root", item, layer) }
            return
        }
        let directories = Array(names.dropLast())
        if directories.contains(where: { $0.hasPrefix(".wh.") }) { note("is below a whiteout", item, layer) }
        do {
            if last.hasPrefix(".wh.") {
                try addWhiteout(item, last, directories, root, layer, isFlat)
            } else {
                try addName(item, last, directories, root, layer, isFlat)
            }
        } catch {
            note("is refused", item, layer)
        }
    }

    private mutating func addWhiteout(
        _ item: Item,
        _ last: String,
        _ directories: [String],
        _ root: Node,
        _ layer: Int,
        _ isFlat: Bool
    ) throws {
        guard item.kind == .file && item.content.isEmpty || item.kind == .hardLink else {
            return note("is an odd whiteout", item, layer)
        }
        if item.kind == .hardLink, !isLinkToWhiteout(item, last, root, layer, isFlat) {
            return note("is an odd whiteout", item, layer)
        }
        let parent = try walk(directories, root, item, layer, makes: !isFlat, says: true)
        if !isFlat, parent?.children[last] != nil { note("is a whiteout where a directory has its name", item, layer) }
        if last == ".wh..wh..opq" {
            guard isFlat else {
                parent?.isOpaque = true
                return
            }
            for (name, child) in parent?.children ?? [:] {
                if !Self.keep(child, layer) {
                    parent?.children[name] = nil
                } else if !child.children.isEmpty, child.named != layer {
                    note("takes away a directory that the layer doesn't name", item, layer)
                }
            }
            return
        }
        let name = String(last.dropFirst(4))
        guard !["", ".", ".."].contains(name), !name.hasPrefix(".wh.") else {
            return note("is an odd whiteout", item, layer)
        }
        if isFlat {
            if let child = parent?.children[name], !Self.keep(child, layer) { parent?.children[name] = nil }
        } else if let child = parent?.children[name], !child.isWhiteout {
            note("is a whiteout of what its own layer has", item, layer)
        } else {
            let node = Node(Inode(.file), layer)
            node.isWhiteout = true
            parent?.children[name] = node
        }
    }

    // Of the layer by itself it is known which names are whiteouts.
    private mutating func isLinkToWhiteout(
        _ item: Item,
        _ last: String,
        _ root: Node,
        _ layer: Int,
        _ isFlat: Bool
    ) -> Bool {
        let (names, leadsOut) = Self.names(item.content)
        guard !leadsOut, let target = names.last, target.hasPrefix(".wh."),
            ![last, target].contains(".wh..wh..opq")
        else { return false }
        let source = try? walk(names.dropLast(), root, item, layer, makes: false, says: false)
        return isFlat || source?.children[String(target.dropFirst(4))]?.isWhiteout == true
    }

    private mutating func addName(
        _ item: Item,
        _ last: String,
        _ directories: [String],
        _ root: Node,
        _ layer: Int,
        _ isFlat: Bool
    ) throws {
        guard let parent = try walk(directories, root, item, layer, makes: true, says: true) else { return }
        let old = parent.children[last]
        if item.kind == .hardLink {
            let (names, leadsOut) = Self.names(item.content)
            let source =
                leadsOut || names.isEmpty
                ? nil : try walk(names.dropLast(), root, item, layer, makes: false, says: false)
            guard let found = names.last.flatMap({ source?.children[$0] }), !found.isDirectory, !found.isWhiteout,
                found.layer == layer
            else { return note("is a hard link to what its layer doesn't have", item, layer) }
            if item.content.split(separator: "/").contains("..") {
                note("is a hard link to one of two files", item, layer)
            }
            if found.inode.attributes["security.capability"] != nil, item.attributes["security.capability"] == nil {
                note("is a hard link without the file's capabilities", item, layer)
            }
            let attributes = found.inode.attributes.merging(item.attributes) { _, new in new }
            if found.inode.mode != item.mode || found.inode.attributes != attributes {
                if item.mode & ~found.inode.mode != 0 || found.inode.attributes != attributes {
                    note("is a hard link with other metadata", item, layer)
                }
                found.inode.mode = item.mode
                found.inode.attributes = attributes
            }
            parent.children[last] = Node(found.inode, layer)
            return
        }
        if item.kind == .device { note("is a device 0:0", item, layer) }
        let inode = Inode(item.kind, item.content, mode: item.mode, attributes: item.attributes)
        if item.kind == .directory, let old, old.isDirectory {
            if old.named == layer, old.inode.attributes.keys.contains(where: { item.attributes[$0] == nil }) {
                note("drops an attribute of its first entry", item, layer)
            }
            old.inode = inode
            old.layer = layer
            old.named = layer
        } else {
            let node = Node(inode, layer)
            node.named = layer
            parent.children[last] = node
        }
    }

    private mutating func walk(
        _ names: some Sequence<String>,
        _ root: Node,
        _ item: Item,
        _ layer: Int,
        makes: Bool,
        says: Bool
    ) throws -> Node? {
        var path = [root]
        var rest = Array(names.reversed())
        var links = 0
        while let name = rest.popLast() {
            if name.isEmpty || name == "." { continue }
            if name == ".." {
                if path.count > 1 { path.removeLast() }
                continue
            }
            let here = path[path.count - 1]
            if here.children[name]?.isWhiteout == true { throw Refused() }
            if here.children[name] == nil {
                guard makes else { return nil }
                here.children[name] = Node(Inode(.directory), layer)
            }
            guard let found = here.children[name] else { return nil }
            if found.inode.kind == .link {
                links += 1
                guard links <= 40 else { throw Refused() }
                if says, found.layer != layer { note("goes through a link of a lower layer", item, layer) }
                if found.inode.content.hasPrefix("/") { path = [root] }
                rest += found.inode.content.split(separator: "/").reversed().map(String.init)
            } else {
                guard found.isDirectory else { throw Refused() }
                path.append(found)
            }
        }
        return path.last
    }

    // Takes away what lower layers brought; whether anything stays.
    private static func keep(_ node: Node, _ layer: Int) -> Bool {
        for (name, child) in node.children where !keep(child, layer) { node.children[name] = nil }
        return node.layer == layer || !node.children.isEmpty
    }

    private static func stack(_ lower: Node?, _ upper: Node, isRoot: Bool) -> Node {
        // A directory that the layer only passes through keeps what lower layers gave it, for some engines.
        let isPassed = upper.named == nil && lower?.isDirectory == true
        let result = Node(isPassed ? lower?.inode ?? upper.inode : upper.inode, upper.layer)
        let lower = upper.isOpaque && !isRoot ? nil : lower
        if let lower, lower.isDirectory { result.children = lower.children }
        for (name, child) in upper.children {
            if child.isWhiteout {
                result.children[name] = nil
            } else if child.isDirectory {
                result.children[name] = stack(
                    result.children[name].flatMap { $0.isDirectory ? $0 : nil },
                    child,
                    isRoot: false
                )
            } else {
                result.children[name] = child
            }
        }
        return result
    }

    private static func list(_ root: Node) -> [String: String] {
        var found: [String: String] = [:]
        var rest = [("", root)]
        while let (path, node) = rest.popLast() {
            for (name, child) in node.children {
                found[path + "/" + name] = child.inode.seen
                rest.append((path + "/" + name, child))
            }
        }
        return found
    }
}

extension PlainModel {
    /// What is at each path, as ``Reading/seen`` says it: the content as its digest, the attributes as their count.
    var shown: [String: String] {
        flat.mapValues { text in
            // "kind content mode attributes"
            let parts = text.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
            let content = parts[0] == "file" ? Digest.of(Array(parts[1].utf8)).hex : parts[1]
            let count = parts[3] == "[]" ? 0 : parts[3].split(separator: "key:").count - 1
            return "\(parts[0]) \(content) \(parts[2]) \(count)"
        }
    }
}
