import Dockerfile

/// Where `COPY` takes its files from.
enum CopyOrigin: Equatable, Sendable {
    /// The context.
    case context
    /// An earlier stage, by its number from 0.
    case stage(Int)
    /// An image.
    case image(String)
}

/// What a stage starts from.
enum StageBase: Equatable, Sendable {
    /// Nothing.
    case scratch
    /// An earlier stage, by its number from 0.
    case stage(Int)
    /// An image.
    case image(String)
}

extension Dockerfile {
    /// What a stage starts from: a name means the last stage of that name before it, else an image.
    func base(of index: Int, named name: String) -> StageBase {
        if let stage = stages[..<index].lastIndex(where: { $0.from.name == name.lowercased() }) { return .stage(stage) }
        return name == "scratch" ? .scratch : .image(name)
    }

    /// What `--from` of a stage means: a number or a name of an earlier stage, else an image; nil for a number or a
    /// name that only this or a later stage has.
    func origin(_ from: String?, in index: Int) -> CopyOrigin? {
        guard let from, !from.isEmpty else { return .context }
        if let number = Int(from) { return (0..<index).contains(number) ? .stage(number) : nil }
        if let stage = stages[..<index].lastIndex(where: { $0.from.name == from.lowercased() }) { return .stage(stage) }
        return stages.contains { $0.from.name == from.lowercased() } ? nil : .image(from)
    }
}
