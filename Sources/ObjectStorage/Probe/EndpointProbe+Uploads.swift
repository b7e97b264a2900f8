import ContentAddress

extension EndpointProbe {
    func multipart() throws(ObjectStorageError) -> Outcome {
        let parts = [
            [UInt8](repeating: 0x61, count: ObjectStorageClient.smallestPart), Array("the last part".utf8),
        ]
        let upload = try beginUpload("multipart")
        var sent: [MultipartUpload.Part] = []
        // The order of the numbers counts, not the order in time.
        for index in parts.indices.reversed() {
            sent.insert(try client.send(parts[index], number: index + 1, of: upload), at: 0)
        }
        guard try isMissing(upload.key) else { return (.no, "an upload is an object before it is complete") }
        try client.complete(upload, sent)
        let whole = try client.get(upload.key, limit: 2 * ObjectStorageClient.smallestPart)
        return whole == parts[0] + parts[1]
            ? (.yes, "an upload in parts becomes one object") : (.no, "other bytes came of an upload in parts")
    }

    func partChecksums() throws(ObjectStorageError) -> Outcome {
        let upload = try beginUpload("damaged-part")
        let isRefused = try isRefused { () throws(ObjectStorageError) in
            let part = Array("a part that was damaged on the way".utf8)
            _ = try client.send(part, number: 1, of: upload, checksum: Digest.of("something else"))
        }
        return isRefused
            ? (.yes, "parts that aren't those of their checksum are refused")
            : (.no, "parts are taken that aren't those of their x-amz-checksum-sha256")
    }

    func abort() throws(ObjectStorageError) -> Outcome {
        let upload = try beginUpload("aborted")
        let part = try client.send(Array("a part".utf8), number: 1, of: upload)
        try client.abort(upload)
        do {
            try client.complete(upload, [part])
            return (.no, "an upload that was aborted became an object")
        } catch {
            switch error {
            case .notFound, .refused: return (.yes, "an upload that is aborted is gone")
            default: throw error
            }
        }
    }

    func conditionalPut() throws(ObjectStorageError) -> Outcome {
        var result = RaceResult(writers: Self.writers)
        for round in 0..<rounds {
            let key = key("raced-\(round)")
            let answers = Race.run(Self.writers) { [client] writer in
                Result { () throws(ObjectStorageError) in
                    try client.put(key, Self.bytes(of: writer), ifNew: true)
                }
            }
            if let unsupported = Self.unsupported(answers) { return (.no, unsupported.brief) }
            result.add(answers, standing: try standing(key, Self.writers))
        }
        return result.verdict
    }

    func conditionalMultipart() throws(ObjectStorageError) -> Outcome {
        var result = RaceResult(writers: Self.uploads)
        for round in 0..<rounds {
            let key = key("raced-upload-\(round)")
            var uploads: [(MultipartUpload, MultipartUpload.Part)] = []
            for writer in 0..<Self.uploads {
                let upload = try beginUpload("raced-upload-\(round)")
                uploads.append((upload, try client.send(Self.bytes(of: writer), number: 1, of: upload)))
            }
            let answers = Race.run(uploads.count) { [client, uploads] writer in
                Result { () throws(ObjectStorageError) in
                    try client.complete(uploads[writer].0, [uploads[writer].1], ifNew: true)
                }
            }
            if let unsupported = Self.unsupported(answers) { return (.no, unsupported.brief) }
            result.add(answers, standing: try standing(key, Self.uploads))
        }
        return result.verdict
    }

    private static func bytes(of writer: Int) -> [UInt8] { Array("the bytes of writer \(writer)".utf8) }

    private static func unsupported(_ answers: [Result<Void, ObjectStorageError>]) -> ObjectStorageError? {
        for case .failure(let error) in answers {
            if case .unsupported = error { return error }
        }
        return nil
    }

    // Whose bytes are there; nil for nobody's.
    private func standing(_ key: String, _ writers: Int) throws(ObjectStorageError) -> Int? {
        let bytes: [UInt8]
        do { bytes = try client.get(key, limit: 1 << 20) } catch .notFound { return nil }
        return (0..<writers).first { Self.bytes(of: $0) == bytes }
    }
}
