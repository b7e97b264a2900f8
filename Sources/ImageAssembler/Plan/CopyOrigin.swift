import Dockerfile

/// Where `COPY` takes its files from.
enum CopyOrigin: Equatable, Sendable {
    /// The context.
    case context
    /// An earlier stage, by its number from 0.
    case stage(Int)
    /// An image.
    case image(String)
    /// A release, by the name that the caller gives it.
    case release(String)
}

/// What a stage starts from.
enum StageBase: Equatable, Sendable {
    /// Nothing.
    case scratch
    /// An earlier stage, by its number from 0.
    case stage(Int)
    /// An image.
    case image(String)
    /// A release, which isn't an image.
    case release(String)
}

extension Dockerfile {
    /// What a stage starts from: a name means what the caller gives it, else the last stage of that name before it,
    /// else an image.
    func base(of index: Int, named name: String, _ contexts: NamedContexts) -> StageBase {
        switch contexts.name(name).flatMap({ contexts.contents[$0] }) {
        case .image(let reference) where name != "scratch": return .image(reference)
        case .release where name != "scratch": return .release(name)
        default: break
        }
        // BuildKit folds the letters of `AS` and of `--from`, and not these.
        if let stage = stages[..<index].lastIndex(where: { $0.from.name == name }) { return .stage(stage) }
        return name == "scratch" ? .scratch : .image(name)
    }

    /// What `--from` of a stage means: a number or a name of an earlier stage, else an image.
    ///
    /// Nil for a number or a name that only this or a later stage has. A name, a stage's too, means first what the
    /// caller gives it.
    func origin(_ from: String?, in index: Int, _ contexts: NamedContexts) -> CopyOrigin? {
        guard let from, !from.isEmpty else { return .context }
        let number = Int(from)
        if let number, !(0..<index).contains(number) { return nil }
        let written = number.map { stages[$0].from.name ?? "" } ?? from
        if let name = contexts.name(written), let content = contexts.contents[name] {
            switch content {
            case .image(let reference): return .image(reference)
            case .release: return .release(name)
            }
        }
        if let number { return .stage(number) }
        if let stage = stages[..<index].lastIndex(where: { $0.from.name == from.lowercased() }) { return .stage(stage) }
        return stages.contains { $0.from.name == from.lowercased() } ? nil : .image(from)
    }
}
