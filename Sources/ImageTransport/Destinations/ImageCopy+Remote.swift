import Foundation
import OCI
import SystemIO

extension ImageCopy {
    /// Sends layers and configs side by side, then the documents that name them, each after those that it names.
    static func send(
        _ outline: ImageOutline,
        from source: some ImageSource,
        to destination: any RemoteImageDestination,
        referrers: ImageReferrers,
        progress: (Int64) -> Void
    ) throws(TransportError) {
        try destination.begin(outline, from: source)
        let content = outline.blobs.filter { !outline.documents.contains($0.digest) }
        let queue = SharedValue(Queue(waiting: content.reversed()))
        let workers = min(destination.concurrency, content.count)
        queue.update { $0.running = workers }
        for _ in 0..<workers {
            Thread.detachNewThread { work(queue, outline, source, destination) }
        }
        while true {
            let (done, isOver) = queue.wait { queue -> (Int64, Bool)? in
                guard queue.done > 0 || queue.running == 0 else { return nil }
                defer { queue.done = 0 }
                return (queue.done, queue.running == 0)
            }
            if done > 0 { progress(done) }
            if isOver { break }
        }
        if let failure = queue.update({ $0.failure }) { throw failure }
        for descriptor in outline.blobs where outline.documents.contains(descriptor.digest) {
            if try !destination.has(descriptor) {
                let document = outline.document(descriptor.digest)
                try destination.add(descriptor, progress: { _ in }) { () throws(TransportError) in
                    if let document { return document.stream }
                    return try blob(descriptor, of: outline, source)
                }
            }
            progress(descriptor.size)
        }
        for referrer in referrers.all { try attach(referrer, to: destination) }
        try destination.finish(outline)
    }

    private static func attach(
        _ referrer: ImageReferrers.Referrer,
        to destination: any RemoteImageDestination
    ) throws(TransportError) {
        let (outline, source) = (referrer.outline, referrer.source)
        // The root is sent where it is attached: the answer says whether the registry lists it.
        for descriptor in outline.blobs where descriptor.digest != outline.root.digest {
            guard try !destination.has(descriptor) else { continue }
            let document = outline.document(descriptor.digest)
            try destination.add(descriptor, progress: { _ in }) { () throws(TransportError) in
                if let document { return document.stream }
                return try blob(descriptor, of: outline, source)
            }
        }
        try destination.attach(outline, to: referrer.subject, by: source.tag)
    }

    private struct Queue {
        var waiting: [Descriptor]
        var running = 0
        // Bytes since the progress was last told.
        var done: Int64 = 0
        var failure: TransportError?
    }

    private static func work(
        _ queue: SharedValue<Queue>,
        _ outline: ImageOutline,
        _ source: some ImageSource,
        _ destination: any RemoteImageDestination
    ) {
        // After one failure nobody begins anything.
        while let descriptor = queue.update({ $0.failure == nil ? $0.waiting.popLast() : nil }) {
            do throws(TransportError) {
                let sent = SharedValue<Int64>(0)
                if try !destination.has(descriptor) {
                    let document = outline.document(descriptor.digest)
                    let count = { @Sendable (bytes: Int64) in
                        sent.update { $0 += bytes }
                        queue.update { $0.done += bytes }
                    }
                    try destination.add(descriptor, progress: count) { () throws(TransportError) in
                        if let document { return document.stream }
                        return try blob(descriptor, of: outline, source)
                    }
                }
                let rest = descriptor.size - sent.update { $0 }
                queue.update { $0.done += rest }
            } catch {
                queue.update { $0.failure = $0.failure ?? error }
            }
        }
        queue.update { $0.running -= 1 }
    }
}
