import ContentAddress

extension RunExecution {
    /// The command `mkdir [-p] [-v] [-m MODE] DIRECTORY…`.
    mutating func makeDirectories(_ arguments: [String]) throws(RunRefusal) {
        let arguments = try RunArguments(
            arguments,
            of: "mkdir",
            flags: "pv",
            values: "m",
            long: ["parents": "p", "verbose": "v", "mode": "m"]
        )
        let mode = try arguments.values["m"].map { text throws(RunRefusal) in try Self.octal(text, "mkdir") }
        guard !arguments.operands.isEmpty else { throw .fails("mkdir", reason: "it names no directory") }
        for path in arguments.operands {
            try makeDirectory(path, "mkdir", mode: mode, withParents: arguments.flags.contains("p"))
        }
    }

    /// Makes a directory; returns its place.
    @discardableResult
    mutating func makeDirectory(
        _ path: String,
        _ command: String,
        mode: UInt16?,
        withParents: Bool
    ) throws(RunRefusal) -> String {
        if withParents {
            // Each directory that is missing on the way, as it is found.
            let absolute = path.hasPrefix("/") ? path : StageTree.join(directory, path)
            var way = ""
            for component in StageTree.components(absolute).dropLast() {
                way += "/" + component
                let place = try followed(way, command)
                if let node = tree[place] {
                    guard node.isDirectory else { throw .fails(command, reason: "'/\(place)' is not a directory") }
                } else {
                    tree[place] = made(.directory, mode: 0o755, at: place)
                }
            }
        }
        let place = withParents ? try followed(path, command) : try self.place(path, command)
        if let node = tree[place] {
            guard withParents, node.isDirectory else { throw .fails(command, reason: "'/\(place)' is there already") }
            return place
        }
        if mode != nil, let parent = tree[StageTree.parent(of: place)], parent.mode & 0o2000 != 0 {
            throw .form(
                command,
                reason: "a mode in a directory with the set-group-id bit differs from program to program"
            )
        }
        tree[place] = made(.directory, mode: mode ?? 0o755, at: place)
        return place
    }

    /// The command `chmod [-R] [-v] MODE FILE…`.
    mutating func changeModes(_ arguments: [String]) throws(RunRefusal) {
        // A mode may begin with a minus; options that are letters of a mode aren't taken.
        let isMode = { (text: String) in text.hasPrefix("-") && text.dropFirst().allSatisfy { "rwxXst".contains($0) } }
        let operands = arguments.filter(isMode)
        let rest = try RunArguments(
            arguments.filter { !isMode($0) },
            of: "chmod",
            flags: "Rv",
            long: ["recursive": "R", "verbose": "v"]
        )
        guard operands.isEmpty, rest.operands.count > 1 else {
            throw .form(
                "chmod",
                reason: "write chmod [-R] MODE FILE…, with an octal mode or changes such as a+x or go-w"
            )
        }
        let text = rest.operands[0]
        guard let change = ModeChange(text), Self.isPlainMode(text) else {
            throw .form(
                "chmod",
                reason: "the mode '\(text.prefix(64))' isn't octal or changes such as +x, u=rwX or go-w"
            )
        }
        let isOctal = text.utf8.allSatisfy { (0x30...0x37).contains($0) }
        for path in rest.operands.dropFirst() {
            for place in try targets(path, "chmod", isRecursive: rest.flags.contains("R")) {
                if case .link? = tree[place]?.kind { continue }
                if let node = tree[place], node.isDirectory, node.mode & 0o6000 != 0, isOctal || text.contains("=") {
                    throw .form("chmod", reason: "'/\(place)' has set-id bits, which programs keep or drop")
                }
                try self.change(place, "chmod") { $0.mode = change.apply(to: $0.mode, isDirectory: $0.isDirectory) }
            }
        }
    }

    // Without letters before it, a change goes through the umask, 022: that is not a difference for reading and
    // running.
    private static func isPlainMode(_ text: String) -> Bool {
        text.split(separator: ",").allSatisfy { part in
            part.first.map { "ugoa".contains($0) || $0.isNumber } ?? false
                ? !part.contains("t") : part.first == "+" && part.dropFirst().allSatisfy { "rxX".contains($0) }
        }
    }

    /// What a path means, and with `-R` all that is below; links at the start of a walk are refused.
    private func targets(_ path: String, _ command: String, isRecursive: Bool) throws(RunRefusal) -> [String] {
        guard isRecursive else { return [try followed(path, command)] }
        let place = try place(path, command)
        if case .link? = tree[place]?.kind { throw .form(command, reason: "-R of a link, '/\(place)'") }
        guard tree[place] != nil else { throw .fails(command, reason: "there is no '/\(place)'") }
        return all(below: place)
    }

    /// The commands `chown [-R] [-h] [-v] OWNER[:GROUP] FILE…` and `chgrp [-R] [-h] [-v] GROUP FILE…`.
    mutating func changeOwners(_ arguments: [String], groupOnly: Bool) throws(RunRefusal) {
        let command = groupOnly ? "chgrp" : "chown"
        let arguments = try RunArguments(
            arguments,
            of: command,
            flags: "Rvh",
            long: ["recursive": "R", "verbose": "v", "no-dereference": "h"]
        )
        guard arguments.operands.count > 1 else { throw .fails(command, reason: "an owner and a file are needed") }
        let owner = try owner(groupOnly ? ":" + arguments.operands[0] : arguments.operands[0], command)
        let isRecursive = arguments.flags.contains("R")
        for path in arguments.operands.dropFirst() {
            let places =
                arguments.flags.contains("h") && !isRecursive
                ? [try place(path, command)] : try targets(path, command, isRecursive: isRecursive)
            for place in places {
                try change(place, command) { node in
                    node.owner = Owner(uid: owner.uid ?? node.owner.uid, gid: owner.gid ?? node.owner.gid)
                    // The kernel takes these from a file whose owner is set.
                    guard case .file = node.kind else { return }
                    node.mode &= node.mode & 0o010 != 0 ? ~0o6000 : ~0o4000
                    node.extendedAttributes["security.capability"] = nil
                }
            }
        }
    }

    /// The command `ln -s [-f] [-n] TARGET LINK`, `ln -s TARGET… DIRECTORY`.
    mutating func link(_ arguments: [String]) throws(RunRefusal) {
        let arguments = try RunArguments(
            arguments,
            of: "ln",
            flags: "sfnv",
            long: ["symbolic": "s", "force": "f", "no-dereference": "n", "verbose": "v"]
        )
        guard arguments.flags.contains("s") else { throw .form("ln", reason: "only symbolic links are made: ln -s") }
        guard arguments.operands.count > 1, let last = arguments.operands.last else {
            throw .form("ln", reason: "write the link's name, too: ln -s TARGET LINK")
        }
        let destination = try place(last, "ln")
        let isInside =
            tree[try followed(last, "ln")]?.isDirectory == true
            && !(arguments.flags.contains("n") && tree[destination]?.isDirectory == false)
        guard isInside || arguments.operands.count == 2 else {
            throw .fails("ln", reason: "'/\(destination)' is not a directory")
        }
        for target in arguments.operands.dropLast() {
            guard !target.isEmpty else { throw .fails("ln", reason: "a target is empty") }
            let name = StageTree.components(target).last.map(String.init) ?? ""
            if isInside, ["", ".", ".."].contains(name) {
                throw .form("ln", reason: "'\(target)' gives a link no name")
            }
            let place = isInside ? StageTree.join(try followed(last, "ln"), name) : destination
            if let node = tree[place] {
                guard arguments.flags.contains("f"), !node.isDirectory else {
                    throw .fails("ln", reason: "'/\(place)' is there already")
                }
                tree.remove(place)
            }
            tree[place] = made(.link(target), mode: 0o777, at: place)
        }
    }

    /// The command `touch FILE…`.
    mutating func touch(_ arguments: [String]) throws(RunRefusal) {
        let epoch = epoch
        let arguments = try RunArguments(arguments, of: "touch", flags: "")
        guard !arguments.operands.isEmpty else { throw .fails("touch", reason: "it names no file") }
        for path in arguments.operands {
            let place = try followed(path, "touch")
            if tree[place] == nil {
                tree[place] = made(.file(.text(.of([UInt8]()), [])), mode: 0o644, at: place)
            } else {
                try change(place, "touch") { $0.modified = epoch }
            }
        }
    }

    /// The command `rm [-r] [-f] FILE…`.
    mutating func remove(_ arguments: [String]) throws(RunRefusal) {
        let arguments = try RunArguments(
            arguments,
            of: "rm",
            flags: "rRfv",
            long: ["recursive": "r", "force": "f", "verbose": "v"]
        )
        let isForced = arguments.flags.contains("f")
        guard isForced || !arguments.operands.isEmpty else { throw .fails("rm", reason: "it names no file") }
        for path in arguments.operands {
            if isForced, isMissing(path) { continue }
            let place = try place(path, "rm")
            let name = StageTree.components(path).last ?? ""
            guard !place.isEmpty, name != ".", name != ".." else {
                throw .fails("rm", reason: "'\(path)' can't be removed")
            }
            guard let node = tree[place] else {
                if isForced { continue }
                throw .fails("rm", reason: "there is no '/\(place)'")
            }
            if node.isDirectory, arguments.flags.isDisjoint(with: ["r", "R"]) {
                throw .fails("rm", reason: "'/\(place)' is a directory")
            }
            tree.remove(place)
        }
    }

    private func isMissing(_ path: String) -> Bool {
        guard let place = try? tree.resolve(path.hasPrefix("/") ? path : StageTree.join(directory, path)) else {
            return false
        }
        return tree[place] == nil && tree[StageTree.parent(of: place)] == nil
    }

    /// The command `rmdir DIRECTORY…`.
    mutating func removeDirectories(_ arguments: [String]) throws(RunRefusal) {
        for path in try RunArguments(arguments, of: "rmdir", flags: "").operands {
            let place = try place(path, "rmdir")
            guard tree[place]?.isDirectory == true, tree.children(of: place).isEmpty, !place.isEmpty else {
                throw .fails("rmdir", reason: "'/\(place)' is not an empty directory")
            }
            tree.remove(place)
        }
    }

    /// The commands `install [-m MODE] [-o USER] [-g GROUP] [-D] SOURCE DESTINATION` and `install -d […] DIRECTORY…`.
    mutating func install(_ arguments: [String]) throws(RunRefusal) {
        let arguments = try RunArguments(
            arguments,
            of: "install",
            flags: "dDcv",
            values: "mog",
            long: ["directory": "d", "mode": "m", "owner": "o", "group": "g", "verbose": "v"]
        )
        let mode = try arguments.values["m"].map { text throws(RunRefusal) in try Self.octal(text, "install") } ?? 0o755
        guard mode & 0o7000 == 0 else { throw .form("install", reason: "set-id bits: set them by chmod behind it") }
        var owner = Owner()
        if let user = arguments.values["o"] { owner.uid = try self.owner(user, "install").uid ?? 0 }
        if let group = arguments.values["g"] { owner.gid = try self.owner(":" + group, "install").gid ?? 0 }
        if arguments.flags.contains("d") {
            for path in arguments.operands {
                let isThere = (try? followed(path, "install")).flatMap { tree[$0] }?.isDirectory == true
                let place = try makeDirectory(path, "install", mode: nil, withParents: true)
                guard !isThere || tree[place]?.mode == mode && tree[place]?.owner == owner else {
                    throw .form("install", reason: "'/\(place)' is there already: use chmod and chown")
                }
                try change(place, "install") { ($0.mode, $0.owner) = (mode, owner) }
            }
            return
        }
        guard arguments.operands.count == 2 else {
            throw .form("install", reason: "write install [-D] SOURCE DESTINATION, or install -d DIRECTORY…")
        }
        let source = try followed(arguments.operands[0], "install")
        guard let node = tree[source], case .file = node.kind else {
            throw .fails("install", reason: "'/\(source)' is not a file")
        }
        if arguments.flags.contains("D") {
            let parent = StageTree.parent(of: StageTree.clean(arguments.operands[1]))
            if !parent.isEmpty {
                let path = (arguments.operands[1].hasPrefix("/") ? "/" : "") + parent
                try makeDirectory(path, "install", mode: nil, withParents: true)
            }
        }
        var place = try place(arguments.operands[1], "install")
        let end = try followed(arguments.operands[1], "install")
        if tree[end]?.isDirectory == true { place = StageTree.join(end, StageTree.name(of: source)) }
        guard place != source else { throw .fails("install", reason: "'/\(place)' is both") }
        if tree[place] != nil { tree.remove(place) }
        tree[place] = FileNode(kind: node.kind, mode: mode, owner: owner, modified: epoch)
    }

    /// An octal mode.
    static func octal(_ text: String, _ command: String) throws(RunRefusal) -> UInt16 {
        guard let mode = RunArguments.number(text, radix: 8), mode <= 0o7777 else {
            throw .form(command, reason: "the mode '\(text.prefix(64))' is not octal")
        }
        return UInt16(mode)
    }
}
