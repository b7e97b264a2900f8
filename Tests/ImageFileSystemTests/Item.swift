import Archive
import ContentAddress
import ImageFileSystem
import TestSupport

/// An entry of a layer in a test.
struct Item: CustomStringConvertible {
    enum Kind { case file, directory, link, hardLink, device }

    var kind: Kind
    var path: String
    /// A file's bytes, or where a link leads.
    var content = ""
    var mode = 0o755
    var uid = 0
    var gid = 0
    var attributes: [String: String] = [:]

    static func file(_ path: String, _ content: String = "x", mode: Int = 0o755) -> Item {
        Item(kind: .file, path: path, content: content, mode: mode)
    }

    static func directory(
        _ path: String,
        mode: Int = 0o755,
        uid: Int = 0,
        gid: Int = 0,
        attributes: [String: String] = [:]
    ) -> Item {
        Item(kind: .directory, path: path, mode: mode, uid: uid, gid: gid, attributes: attributes)
    }

    static func link(_ path: String, to target: String) -> Item {
        Item(kind: .link, path: path, content: target, mode: 0o777)
    }

    static func hardLink(_ path: String, to target: String, mode: Int = 0o755) -> Item {
        Item(kind: .hardLink, path: path, content: target, mode: mode)
    }

    static func whiteout(_ path: String) -> Item {
        var parts = path.split(separator: "/").map(String.init)
        parts[parts.count - 1] = ".wh." + parts[parts.count - 1]
        return Item(kind: .file, path: parts.joined(separator: "/"), mode: 0o644)
    }

    static func opaque(_ path: String) -> Item {
        Item(kind: .file, path: path.isEmpty ? ".wh..wh..opq" : path + "/.wh..wh..opq", mode: 0o644)
    }

    static func device(_ path: String) -> Item { Item(kind: .device, path: path, mode: 0o644) }

    var description: String {
        "\(kind) \(path) '\(content)' \(String(mode, radix: 8)) \(attributes)"
    }

    func add(to tar: inout TarBuilder) {
        let pax = attributes.map { ("SCHILY.xattr." + $0.key, Array($0.value.utf8)) }
        switch kind {
        case .file: tar.add(path, "0", content: Array(content.utf8), mode: mode, pax: pax)
        case .directory: tar.add(path + "/", "5", mode: mode, uid: uid, gid: gid, pax: pax)
        case .link: tar.add(path, "2", link: content, mode: mode, pax: pax)
        case .hardLink: tar.add(path, "1", link: content, mode: mode, pax: pax)
        case .device: tar.add(path, "3", mode: mode, pax: pax)
        }
    }
}

/// Layers applied to a tree, with all that was said of them.
struct Reading {
    let tree: FileTree
    private(set) var events: [LayerEvent] = []

    init(_ layers: [[Item]], limits: FileTree.Limits = FileTree.Limits(), budget: WorkBudget = WorkBudget()) throws {
        tree = FileTree(limits: limits)
        for (number, items) in layers.enumerated() {
            var tar = TarBuilder()
            for item in items { item.add(to: &tar) }
            try apply(tar.archive, number, budget)
        }
    }

    private mutating func apply(_ bytes: [UInt8], _ number: Int, _ budget: WorkBudget) throws {
        var found: [LayerEvent] = []
        let application = LayerApplication(tree: tree, layer: number, budget: budget) { found.append($0) }
        var reader = TarReader(appliesGlobalHeaders: false)
        var entry: TarEntry?
        var content: [UInt8] = []
        try bytes.withUnsafeBytes { bytes in
            var input = bytes
            while let event = try reader.next(&input) {
                switch event {
                case .entry(let next):
                    entry = next
                    content = []
                case .content(let piece): content += piece
                case .endOfEntry:
                    guard let next = entry.take() else { continue }
                    application.apply(next, digest: next.kind == .file ? .of(content) : nil, head: [])
                default: break
                }
            }
        }
        application.finish()
        events += found
    }

    /// Directories that no entry describes below one with the set-group-id bit.
    var inherited: [FilePath] {
        events.compactMap { if case .inherited(let path) = $0 { path } else { nil } }
    }

    var differences: [ReadingDifference] {
        events.compactMap { if case .differs(let difference) = $0 { difference } else { nil } }
    }

    /// Whether engines can make different things of the layers, duplicates left aside.
    var isAmbiguous: Bool {
        events.contains {
            switch $0 {
            case .differs, .reserved: true
            default: false
            }
        }
    }

    /// What is at each path, in the words of the model.
    var seen: [String: String] {
        var found: [String: String] = [:]
        tree.forEach { path, inode in
            let mode = inode.mode
            let kind: String =
                switch inode.kind {
                case .file: "file"
                case .directory: "directory"
                case .symbolicLink: "link"
                default: "device"
                }
            let content = inode.digest?.hex ?? String(decoding: inode.target, as: UTF8.self)
            found[path.description] = "\(kind) \(content) \(mode) \(inode.extendedAttributes.count)"
        }
        return found
    }
}
