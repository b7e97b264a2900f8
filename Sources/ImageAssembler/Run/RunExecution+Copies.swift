extension RunExecution {
    /// The command `cd DIRECTORY`: relative paths of the line start there.
    mutating func changeDirectory(_ arguments: [String]) throws(RunRefusal) {
        guard arguments.count == 1, let path = arguments.first, path != "-", !path.hasPrefix("-") else {
            throw .form("cd", reason: "write cd DIRECTORY")
        }
        // A shell goes back the way that it came, the kernel to where a link leads.
        guard !path.split(separator: "/").contains("..") else { throw .form("cd", reason: "'..' in its path") }
        let place = try followed(path, "cd")
        guard tree[place]?.isDirectory == true else { throw .fails("cd", reason: "'/\(place)' is not a directory") }
        directory = place
    }

    /// How a copy is made.
    private struct CopyStyle {
        /// Whether directories are copied with what is in them (`-r`, `-R`, `-a`).
        let isRecursive: Bool
        /// Whether a mode and an owner go along (`-p`, `-a`).
        let keeps: Bool
        /// Whether links are copied as links (`-d`, `-P`, `-a`).
        let keepsLinks: Bool
    }

    /// The command `cp [-r] [-a] [-p] [-d] [-f] [-v] SOURCE… DESTINATION`.
    mutating func copy(_ arguments: [String]) throws(RunRefusal) {
        let arguments = try RunArguments(
            arguments,
            of: "cp",
            flags: "rRapdPfvT",
            values: "t",
            long: [
                "recursive": "r", "archive": "a", "no-dereference": "P", "force": "f", "verbose": "v",
                "target-directory": "t", "no-target-directory": "T",
            ]
        )
        let flags = arguments.flags
        let style = CopyStyle(
            isRecursive: !flags.isDisjoint(with: ["r", "R", "a"]),
            keeps: !flags.isDisjoint(with: ["p", "a"]),
            keepsLinks: !flags.isDisjoint(with: ["r", "R", "a", "d", "P"])
        )
        for (source, destination) in try pairs(arguments, "cp") {
            let isLink = !source.hasSuffix("/") && style.keepsLinks
            let place = isLink ? try self.place(source, "cp") : try followed(source, "cp")
            guard let node = tree[place] else { throw .fails("cp", reason: "there is no '/\(place)'") }
            if node.isDirectory {
                guard style.isRecursive else { throw .fails("cp", reason: "'/\(place)' is a directory: take cp -r") }
                try copyDirectory(place, to: destination, style)
            } else {
                let written = try self.place(destination, "cp")
                try copyOne(place, node, to: written, isNamed: true, style)
            }
        }
    }

    private mutating func copyDirectory(
        _ place: String,
        to destination: String,
        _ style: CopyStyle
    ) throws(RunRefusal) {
        let end = try followed(destination, "cp")
        try checkWhollyOwn(place, "cp")
        guard !StageTree.isWithin(end, place) else {
            throw .fails("cp", reason: "'/\(place)' would be copied into itself")
        }
        // Found before anything is written.
        let names = tree.descendants(of: place)
        for name in [""] + names {
            let from = StageTree.join(place, name)
            let target = StageTree.join(end, name)
            guard let node = tree[from] else { continue }
            try checkOwn(target, "cp")
            guard node.isDirectory else {
                try copyOne(from, node, to: target, isNamed: false, style)
                continue
            }
            guard node.mode & 0o6000 == 0, node.extendedAttributes.isEmpty else {
                throw .form("cp", reason: "'/\(from)' has set-id bits or attributes: programs keep or drop them")
            }
            if let former = tree[target] {
                guard former.isDirectory else { throw .fails("cp", reason: "'/\(target)' is not a directory") }
                if style.keeps {
                    guard former.mode & 0o6000 == 0 else { throw .form("cp", reason: "'/\(target)' has set-id bits") }
                    if !target.isEmpty {
                        try change(target, "cp") { ($0.mode, $0.owner) = (node.mode, node.owner) }
                    }
                }
            } else {
                var new = made(.directory, mode: node.mode & ~0o022, at: target)
                guard new.mode & 0o2000 == 0 else {
                    throw .form("cp", reason: "a copy into a directory with the set-group-id bit")
                }
                if style.keeps { (new.mode, new.owner) = (node.mode, node.owner) }
                tree[target] = new
            }
        }
    }

    /// Copies what is not a directory; links at the destination are followed only where it is named.
    private mutating func copyOne(
        _ place: String,
        _ node: FileNode,
        to written: String,
        isNamed: Bool,
        _ style: CopyStyle
    ) throws(RunRefusal) {
        if case .link = node.kind {
            guard tree[written] == nil else { throw .form("cp", reason: "a link in the place of '/\(written)'") }
            var new = made(node.kind, mode: 0o777, at: written)
            if style.keeps { new.owner = node.owner }
            tree[written] = new
            return
        }
        guard case .file = node.kind else { throw .form("cp", reason: "'/\(place)' is not a file") }
        guard node.mode & 0o7000 == 0, node.extendedAttributes.isEmpty else {
            throw .form("cp", reason: "'/\(place)' has set-id bits or attributes: programs keep or drop them")
        }
        // With -a names of one file stay so with coreutils, and not with busybox.
        if style.keeps, style.keepsLinks { try checkSoleName(place, "cp") }
        var end = written
        if case .link? = tree[written]?.kind {
            guard isNamed else { throw .form("cp", reason: "'/\(written)', which is there, is a link") }
            end = try followed("/" + written, "cp")
            guard tree[end] != nil else {
                throw .form("cp", reason: "'/\(written)' is a link to a file that isn't there")
            }
        }
        guard end != place else { throw .fails("cp", reason: "'/\(place)' would be copied over itself") }
        guard let former = tree[end] else {
            var new = made(node.kind, mode: node.mode & ~0o022, at: end)
            if style.keeps { (new.mode, new.owner) = (node.mode, node.owner) }
            tree[end] = new
            return
        }
        guard case .file = former.kind else { throw .fails("cp", reason: "'/\(end)' is not a file") }
        guard former.mode & 0o7000 == 0, former.extendedAttributes.isEmpty else {
            throw .form("cp", reason: "'/\(end)' has set-id bits or attributes")
        }
        let epoch = epoch
        try change(end, "cp") { file in
            (file.kind, file.modified) = (node.kind, epoch)
            if style.keeps { (file.mode, file.owner) = (node.mode, node.owner) }
        }
    }

    /// The command `mv [-f] [-n] [-v] SOURCE… DESTINATION`.
    mutating func move(_ arguments: [String]) throws(RunRefusal) {
        let arguments = try RunArguments(
            arguments,
            of: "mv",
            flags: "fvT",
            values: "t",
            long: [
                "force": "f", "verbose": "v", "target-directory": "t", "no-target-directory": "T",
            ]
        )
        for (source, destination) in try pairs(arguments, "mv") {
            try checkNoLink(source, "mv")
            let place = try place(source.count > 1 && source.hasSuffix("/") ? String(source.dropLast()) : source, "mv")
            guard let node = tree[place] else { throw .fails("mv", reason: "there is no '/\(place)'") }
            if source.hasSuffix("/"), !node.isDirectory {
                throw .fails("mv", reason: "'\(source.prefix(256))' is not a directory")
            }
            let end = try self.place(
                destination.count > 1 && destination.hasSuffix("/") ? String(destination.dropLast()) : destination,
                "mv"
            )
            guard end != place else { throw .fails("mv", reason: "'/\(place)' would be moved to itself") }
            if arguments.flags.contains("T"), case .link? = tree[end]?.kind,
                tree[try followed("/" + end, "mv")]?.isDirectory == true
            {
                throw .form("mv", reason: "programs differ in -T over a link to a directory, '/\(end)'")
            }
            if node.isDirectory {
                try moveDirectory(place, to: end)
                continue
            }
            guard tree[end]?.isDirectory != true else { throw .fails("mv", reason: "'/\(end)' is a directory") }
            try checkSoleName(place, "mv")
            try checkSoleName(end, "mv")
            try remove(place, "mv")
            if tree[end] != nil { try remove(end, "mv") }
            tree[end] = node
        }
    }

    // Where engines' storage can't rename a directory of a lower layer, programs copy it and remove it: the result is
    // the same for what a copy keeps.
    private mutating func moveDirectory(_ place: String, to end: String) throws(RunRefusal) {
        try checkWhollyOwn(place, "mv")
        guard !place.isEmpty, !StageTree.isWithin(end, place) else {
            throw .fails("mv", reason: "'/\(place)' would be moved into itself")
        }
        guard tree[end] == nil else { throw .form("mv", reason: "'/\(end)' is there already") }
        var moved: [(path: String, node: FileNode)] = []
        for name in [""] + tree.descendants(of: place) {
            let from = StageTree.join(place, name)
            guard let node = tree[from] else { continue }
            switch node.kind {
            case .directory, .file, .link: break
            case .device, .pipe: throw .form("mv", reason: "'/\(from)' is a device or a pipe")
            }
            guard node.extendedAttributes.isEmpty else { throw .form("mv", reason: "'/\(from)' has attributes") }
            try checkSoleName(from, "mv")
            moved.append((StageTree.join(end, name), node))
        }
        try remove(place, "mv")
        for (path, node) in moved { tree[path] = node }
    }

    /// Where each source goes: to a name, or to its own in a directory.
    private func pairs(_ arguments: RunArguments, _ command: String) throws(RunRefusal) -> [(String, String)] {
        var operands = arguments.operands
        let given = arguments.values["t"]
        if let given { operands.append(given) }
        guard operands.count > 1, let last = operands.popLast() else {
            throw .fails(command, reason: "a file and a destination are needed")
        }
        let isDirectory = (try? followed(last, command)).flatMap { tree[$0] }?.isDirectory == true
        guard isDirectory, !arguments.flags.contains("T") else {
            guard operands.count == 1, given == nil else {
                throw .fails(command, reason: "'\(last.prefix(256))' is not a directory")
            }
            let source = operands[0]
            let isFolder = (try? followed(source, command)).flatMap { tree[$0] }?.isDirectory == true
            guard !last.hasSuffix("/") || isFolder && !isDirectory else {
                throw .fails(command, reason: "'\(last.prefix(256))' is not a directory")
            }
            // A new directory may be named with a slash behind it.
            return [(source, last.count > 1 && last.hasSuffix("/") ? String(last.dropLast()) : last)]
        }
        var names: Set<String> = []
        return try operands.map { source throws(RunRefusal) in
            let name = source.split(separator: "/").last.map(String.init) ?? ""
            // The content of a directory goes into another by its own name, a dot.
            if name == ".", command == "cp" { return (source, last) }
            guard !["", ".", ".."].contains(name) else { throw .form(command, reason: "'\(source)' has no name") }
            guard names.insert(name).inserted else { throw Self.written(twice: StageTree.join(last, name), command) }
            return (source, last.hasSuffix("/") ? last + name : last + "/" + name)
        }
    }
}
