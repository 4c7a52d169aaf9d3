# jobledger with the Node it needs and the tools its examples use. Pods run as processes inside this container.
#
#   docker build -t jobledger .
#   docker run --init -v jobledger:/data jobledger run -f examples/pi.yaml
#
# Docker usually forbids the user namespaces that bubblewrap needs; jobledger then says so and runs Pods as plain
# process groups, with the container itself as their only fence.
FROM node:24-slim

RUN apt-get update \
  && apt-get install -y --no-install-recommends bubblewrap perl libmath-bigint-gmp-perl \
  && rm -rf /var/lib/apt/lists/* \
  && install -d -o node -g node -m 0700 /data

WORKDIR /app
# The image has its own Node 24, so the optional one of the repository stays out.
COPY package.json package-lock.json .npmrc ./
COPY tools/node24/package.json tools/node24/
RUN npm ci --omit=dev --omit=optional && npm cache clean --force
COPY bin bin
COPY src src
COPY examples examples
COPY LICENSE ./

USER node
ENV JOBLEDGER_DATA_DIR=/data
VOLUME /data
ENTRYPOINT ["/app/bin/jobledger.js"]
CMD ["--help"]
