extension InstructionParser {
    func copy(_ text: InstructionText, _ heredocs: [Heredoc]) throws(DockerfileError.Problem) -> CopyOperation {
        let files = try files(text, heredocs, .copy)
        let flags = try InstructionFlags(
            text.flags,
            known: [
                "from": .string, "chown": .string, "chmod": .string, "link": .bool, "parents": .bool,
                "exclude": .strings,
            ]
        )
        return CopyOperation(
            files: files,
            from: flags["from"],
            owner: flags["chown"],
            mode: flags["chmod"],
            isLinked: flags.bool("link") ?? false,
            keepsParents: flags.bool("parents") ?? false,
            excludes: flags.all("exclude")
        )
    }

    func add(_ text: InstructionText, _ heredocs: [Heredoc]) throws(DockerfileError.Problem) -> AddOperation {
        let files = try files(text, heredocs, .add)
        let flags = try InstructionFlags(
            text.flags,
            known: [
                "chown": .string, "chmod": .string, "link": .bool, "exclude": .strings, "keep-git-dir": .bool,
                "checksum": .string, "unpack": .bool,
            ]
        )
        return AddOperation(
            files: files,
            owner: flags["chown"],
            mode: flags["chmod"],
            isLinked: flags.bool("link") ?? false,
            excludes: flags.all("exclude"),
            keepsGitDirectory: flags.bool("keep-git-dir"),
            checksum: flags["checksum"],
            unpacks: flags.bool("unpack")
        )
    }

    private func files(
        _ text: InstructionText,
        _ heredocs: [Heredoc],
        _ keyword: Keyword
    ) throws(DockerfileError.Problem) -> SourcesAndDestination {
        let words = try list(text.arguments)
        guard words.count > 1, let destination = words.last else {
            throw .argumentCount(expected: "\(keyword.rawValue) needs at least one source and a destination")
        }
        guard try heredoc(destination) == nil else { throw .heredocAsDestination }
        var paths: [String] = []
        var documents: [Heredoc] = []
        for word in words.dropLast() {
            guard let announced = try heredoc(word) else {
                paths.append(word)
                continue
            }
            guard !announced.name.contains("/") else {
                throw .argumentCount(expected: "'<<\(announced.name.prefix(64))' names a file, so no slash is in it")
            }
            // Two of one name have the text of the last, as with BuildKit.
            documents.append(heredocs.last { $0.name == announced.name } ?? announced)
        }
        return SourcesAndDestination(paths: paths, heredocs: documents, destination: destination)
    }

    private func heredoc(_ word: String) throws(DockerfileError.Problem) -> Heredoc? {
        do {
            return try Heredoc.parse(word: word)
        } catch {
            throw .malformedHeredoc(error)
        }
    }

    func from(_ text: InstructionText) throws(DockerfileError.Problem) -> FromOperation {
        let words = WordSplitter.split(text.arguments)
        let flags = try InstructionFlags(text.flags, known: ["platform": .string])
        if words.count == 1 { return FromOperation(base: words[0], name: nil, platform: flags["platform"]) }
        guard words.count == 3, words[1].lowercased() == "as" else {
            throw .argumentCount(expected: "FROM is written FROM image or FROM image AS name")
        }
        guard Self.isStageName(words[2].lowercased()) else { throw .invalidStageName(words[2]) }
        return FromOperation(base: words[0], name: words[2].lowercased(), platform: flags["platform"])
    }

    private static func isStageName(_ name: String) -> Bool {
        name.utf8.first.map { (0x61...0x7A).contains($0) } == true
            && name.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || "-_.".utf8.contains($0)
            }
    }
}
