extension RunExecution {
    /// The commands `install [-m MODE] [-o USER] [-g GROUP] [-D] [-t DIRECTORY] SOURCE… DESTINATION` and
    /// `install -d […] DIRECTORY…`.
    mutating func install(_ arguments: [String]) throws(RunRefusal) {
        let arguments = try RunArguments(
            arguments,
            of: "install",
            flags: "dDcvp",
            values: "mogt",
            long: [
                "directory": "d", "mode": "m", "owner": "o", "group": "g", "verbose": "v", "target-directory": "t",
                "preserve-timestamps": "p",
            ]
        )
        let text = arguments.values["m"] ?? "755"
        let isDirectory = arguments.flags.contains("d")
        guard let change = ModeChange(text),
            text.allSatisfy(\.isNumber) || text.first.map({ "ugoa".contains($0) }) == true
        else { throw .form("install", reason: "the mode '\(text.prefix(64))'") }
        let mode = change.apply(to: 0, isDirectory: isDirectory)
        guard mode & 0o6000 == 0, isDirectory || mode & 0o1000 == 0 else {
            throw .form("install", reason: "set-id bits: set them by chmod behind it")
        }
        var owner = Owner()
        if let user = arguments.values["o"] { owner.uid = try self.user(user, "install") }
        if let group = arguments.values["g"] { owner.gid = try self.group(group, "install") }
        let hasOwner = arguments.values["o"] != nil || arguments.values["g"] != nil
        if isDirectory {
            guard arguments.values["t"] == nil, !arguments.operands.isEmpty else {
                throw .form("install", reason: "write install -d DIRECTORY…")
            }
            for path in arguments.operands { try installDirectory(path, mode, owner, hasOwner: hasOwner) }
            return
        }
        try installFiles(arguments, mode, owner)
    }

    private mutating func installDirectory(
        _ path: String,
        _ mode: UInt16,
        _ owner: Owner,
        hasOwner: Bool
    ) throws(RunRefusal) {
        let isThere = (try? followed(path, "install")).flatMap { tree[$0] }?.isDirectory == true
        let place = try makeDirectory(path, "install", mode: nil, withParents: true)
        guard let node = tree[place] else { return }
        guard !isThere || node.mode == mode && (node.owner == owner || !hasOwner) else {
            throw .form("install", reason: "'/\(place)' is there already: use chmod and chown")
        }
        guard node.mode & 0o2000 == 0 else {
            throw .form("install", reason: "a directory with the set-group-id bit: use mkdir, chmod and chown")
        }
        if !isThere { try change(place, "install") { ($0.mode, $0.owner) = (mode, hasOwner ? owner : $0.owner) } }
    }

    private mutating func installFiles(
        _ arguments: RunArguments,
        _ mode: UInt16,
        _ owner: Owner
    ) throws(RunRefusal) {
        var sources = arguments.operands
        let destination: String
        if let directory = arguments.values["t"] {
            destination = directory
            if arguments.flags.contains("D") {
                try makeDirectory(directory, "install", mode: nil, withParents: true)
            }
        } else {
            guard sources.count > 1, let last = sources.popLast() else {
                throw .form("install", reason: "write install [-D] SOURCE DESTINATION, or install -d DIRECTORY…")
            }
            destination = last
            if arguments.flags.contains("D"), sources.count == 1 {
                let parent = StageTree.parent(of: StageTree.clean(destination))
                if !parent.isEmpty {
                    let path = (destination.hasPrefix("/") ? "/" : "") + parent
                    try makeDirectory(path, "install", mode: nil, withParents: true)
                }
            }
        }
        let isInside = (try? followed(destination, "install")).flatMap { tree[$0] }?.isDirectory == true
        guard !sources.isEmpty, isInside || sources.count == 1 && arguments.values["t"] == nil else {
            throw .fails("install", reason: "'\(destination.prefix(256))' is not a directory")
        }
        guard isInside || !destination.hasSuffix("/") else {
            throw .fails("install", reason: "'\(destination.prefix(256))' is not a directory")
        }
        var made: Set<String> = []
        for path in sources {
            let source = try followed(path, "install")
            guard let node = tree[source], case .file = node.kind else {
                throw .fails("install", reason: "'/\(source)' is not a file")
            }
            let name = StageTree.components(path).last.map(String.init) ?? ""
            let place =
                isInside
                ? StageTree.join(try followed(destination, "install"), name) : try self.place(destination, "install")
            try checkOwn(place, "install")
            guard place != source else { throw .fails("install", reason: "'/\(place)' is both") }
            if let former = tree[place] {
                guard !former.isDirectory else { throw .fails("install", reason: "'/\(place)' is a directory") }
                try remove(place, "install")
            }
            guard made.insert(place).inserted else { throw Self.written(twice: place, "install") }
            var new = self.made(node.kind, mode: mode, at: place)
            if arguments.values["o"] != nil { new.owner.uid = owner.uid }
            if arguments.values["g"] != nil { new.owner.gid = owner.gid }
            tree[place] = new
        }
    }
}
