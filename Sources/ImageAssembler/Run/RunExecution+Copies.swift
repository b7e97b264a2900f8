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

    /// The command `cp [-p] [-f] [-v] FILE DESTINATION`, `cp [...] FILE… DIRECTORY`.
    mutating func copy(_ arguments: [String]) throws(RunRefusal) {
        let arguments = try RunArguments(
            arguments,
            of: "cp",
            flags: "pfv",
            long: ["force": "f", "verbose": "v"]
        )
        for (source, destination) in try pairs(arguments.operands, "cp") {
            let place = try followed(source, "cp")
            guard let node = tree[place] else { throw .fails("cp", reason: "there is no '/\(place)'") }
            guard case .file = node.kind else { throw .form("cp", reason: "'/\(place)' is not a file") }
            guard node.mode & 0o7000 == 0, node.extendedAttributes.isEmpty else {
                throw .form("cp", reason: "'/\(place)' has set-id bits or attributes: programs keep or drop them")
            }
            // So that the copy isn't counted as a further name.
            if case .file(let content) = node.kind { _ = nameCount(of: content) }
            let written = try self.place(destination, "cp")
            let end = try followed(destination, "cp")
            guard tree[written] == nil || tree[end] != nil else {
                throw .form("cp", reason: "'/\(written)' is a link to a file that isn't there")
            }
            guard end != place else { throw .fails("cp", reason: "'/\(place)' would be copied over itself") }
            let keeps = arguments.flags.contains("p")
            if let former = tree[end] {
                guard case .file = former.kind else { throw .fails("cp", reason: "'/\(end)' is not a file") }
                guard former.mode & 0o7000 == 0, former.extendedAttributes.isEmpty else {
                    throw .form("cp", reason: "'/\(end)' has set-id bits or attributes")
                }
                let epoch = epoch
                try change(end, "cp") { file in
                    (file.kind, file.modified) = (node.kind, epoch)
                    if keeps { (file.mode, file.owner) = (node.mode, node.owner) }
                }
            } else {
                var new = made(node.kind, mode: node.mode & ~0o022, at: end)
                if keeps { (new.mode, new.owner) = (node.mode, node.owner) }
                tree[end] = new
            }
        }
    }

    /// The command `mv [-f] [-v] FILE DESTINATION`, `mv [...] FILE… DIRECTORY`.
    mutating func move(_ arguments: [String]) throws(RunRefusal) {
        let arguments = try RunArguments(arguments, of: "mv", flags: "fv", long: ["force": "f", "verbose": "v"])
        for (source, destination) in try pairs(arguments.operands, "mv") {
            let place = try place(source, "mv")
            guard let node = tree[place] else { throw .fails("mv", reason: "there is no '/\(place)'") }
            // Engines' storage can't rename directories of a lower layer, and programs copy them then.
            guard !node.isDirectory else { throw .form("mv", reason: "'/\(place)' is a directory") }
            let end = try self.place(destination, "mv")
            guard end != place else { throw .fails("mv", reason: "'/\(place)' would be moved to itself") }
            guard tree[end]?.isDirectory != true else { throw .fails("mv", reason: "'/\(end)' is a directory") }
            if case .file(let content) = node.kind { try checkSoleName(content, place, "mv") }
            if case .file(let content)? = tree[end]?.kind { try checkSoleName(content, end, "mv") }
            tree.remove(place)
            if tree[end] != nil { tree.remove(end) }
            tree[end] = node
        }
    }

    /// Where each source goes: to a name, or to its own in a directory.
    private func pairs(_ operands: [String], _ command: String) throws(RunRefusal) -> [(String, String)] {
        guard operands.count > 1, let last = operands.last else {
            throw .fails(command, reason: "a file and a destination are needed")
        }
        let isDirectory = (try? followed(last, command)).flatMap { tree[$0] }?.isDirectory == true
        guard isDirectory else {
            guard operands.count == 2, !last.hasSuffix("/") else {
                throw .fails(command, reason: "'\(last.prefix(256))' is not a directory")
            }
            return [(operands[0], last)]
        }
        return try operands.dropLast().map { source throws(RunRefusal) in
            let name = source.split(separator: "/").last.map(String.init) ?? ""
            guard !["", ".", ".."].contains(name) else { throw .form(command, reason: "'\(source)' has no name") }
            return (source, last.hasSuffix("/") ? last + name : last + "/" + name)
        }
    }
}
